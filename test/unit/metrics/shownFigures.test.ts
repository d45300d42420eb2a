import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ShownFigures } from '../../../src/metrics/shownFigures.ts';

const figures = (value: string) => [{ label: 'Invocations', value }];

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('the figures that a panel shows', () => {
  test('are those of a reading that began after the question', async () => {
    const shown = new ShownFigures(() => ['f']);
    const old = shown.nextReading();
    const asked = shown.wait();
    // The theme changed: what was read before is drawn once more.
    shown.show('f', old, figures('old'));
    const reading = shown.nextReading();
    shown.show('f', old, figures('old'));
    shown.show('f', reading, figures('new'));
    expect(await asked).toEqual(figures('new'));
    expect(shown.isAwaited).toBe(false);
  });

  test('come for every one who asked, each by its own question', async () => {
    const shown = new ShownFigures(() => ['f']);
    const first = shown.wait();
    const one = shown.nextReading();
    const second = shown.wait();
    shown.show('f', one, figures('1'));
    expect(await first).toEqual(figures('1'));
    shown.show('f', shown.nextReading(), figures('2'));
    expect(await second).toEqual(figures('2'));
  });

  test('are of all functions, in their order, but for one that can’t be read', async () => {
    const shown = new ShownFigures(() => ['f', 'g', 'h']);
    const asked = shown.wait();
    const [f, g, h] = [shown.nextReading(), shown.nextReading(), shown.nextReading()];
    shown.show('h', h, figures('3'));
    shown.show('g', g, []);
    shown.show('f', f, figures('1'));
    expect(await asked).toEqual([...figures('1'), ...figures('3')]);
  });

  test('do not wait for a function that is taken out of the panel', async () => {
    let functions = ['f', 'g'];
    const shown = new ShownFigures(() => functions);
    const asked = shown.wait();
    shown.show('f', shown.nextReading(), figures('1'));
    functions = ['f'];
    shown.check();
    expect(await asked).toEqual(figures('1'));
  });

  test('are none when nobody sees the page, or when it never draws', async () => {
    const shown = new ShownFigures(() => ['f']);
    const hidden = shown.wait();
    shown.giveUp();
    expect(await hidden).toEqual([]);
    const forever = shown.wait();
    await vi.advanceTimersByTimeAsync(120_000);
    expect(await forever).toEqual([]);
    expect(shown.isAwaited).toBe(false);
  });
});
