import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { settledBefore } from '../../src/vscode/settledBefore.ts';

describe('settledBefore', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it.each([
    ['well', () => Promise.resolve(1)],
    ['badly', () => Promise.reject(new Error('no'))],
  ])('is true at once for what ended %s', async (_, work) => {
    expect(await settledBefore(work(), 500)).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is false when the time is over, and leaves no failure of later unhandled', async () => {
    const work = new Promise((_, reject) => setTimeout(() => reject(new Error('late')), 600));
    const settles = settledBefore(work, 500);
    await vi.advanceTimersByTimeAsync(500);
    expect(await settles).toBe(false);
    await vi.advanceTimersByTimeAsync(100);
  });
});
