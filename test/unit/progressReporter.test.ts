import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { progressReporter } from '../../src/vscode/progressReporter.ts';

describe('progress reports', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function setUp() {
    const shown: { message?: string; increment?: number }[] = [];
    return { shown, reporter: progressReporter({ report: value => shown.push(value) }) };
  }

  it('pass on the first at once and then the newest, at most five times a second', () => {
    const { shown, reporter } = setUp();
    for (let done = 0; done < 1000; done++) {
      reporter.report({ message: `${done}`, fraction: done / 1000 });
      vi.advanceTimersByTime(1);
    }
    expect(shown.map(({ message }) => message)).toEqual(['0', '199', '399', '599', '799', '999']);
  });

  it('add up to where the work is, never backwards', () => {
    const { shown, reporter } = setUp();
    for (const fraction of [0.25, 0.1, 0.5, 2]) {
      reporter.report({ fraction });
      vi.advanceTimersByTime(200);
    }
    expect(shown.map(({ increment = 0 }) => increment)).toEqual([25, 0, 25, 50]);
  });

  it('keep message and fraction apart', () => {
    const { shown, reporter } = setUp();
    reporter.report({ message: 'a' });
    reporter.report({ fraction: 0.5 });
    reporter.report({ message: 'b' });
    vi.advanceTimersByTime(200);
    expect(shown).toEqual([{ message: 'a' }, { message: 'b', increment: 50 }]);
  });

  it('say nothing more after the end', () => {
    const { shown, reporter } = setUp();
    reporter.report({ message: 'a' });
    reporter.report({ message: 'b' });
    reporter.stop();
    vi.advanceTimersByTime(1000);
    expect(shown).toEqual([{ message: 'a' }]);
  });
});
