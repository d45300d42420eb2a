import { expect, it } from 'vitest';
import { systemClock } from '../../../src/sandbox/clock.ts';

it.each([2 ** 31 - 1, 2 ** 31, 2 ** 40])(
  'sleeps longer than a timer of Node can: %d ms',
  async ms => {
    const stop = new AbortController();
    const slept = systemClock.sleep(ms, stop.signal).then(
      () => 'slept',
      () => 'aborted',
    );
    setTimeout(() => stop.abort(), 30);
    expect(await slept).toBe('aborted');
  },
);

it('sleeps as long as it is asked to', async () => {
  const started = performance.now();
  await systemClock.sleep(20);
  expect(performance.now() - started).toBeGreaterThan(15);
});
