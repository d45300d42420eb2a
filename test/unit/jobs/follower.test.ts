import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Follower, nextDelay, type PollResult } from '../../../src/jobs/following/follower.ts';

const SAME: PollResult = { running: true, changed: false };
const CHANGED: PollResult = { running: true, changed: true };
const ENDED: PollResult = { running: false, changed: true };

function follow(answers: (PollResult | Error)[]) {
  const at: number[] = [];
  const errors: unknown[] = [];
  const started = Date.now();
  const follower = new Follower({
    poll: () => {
      at.push(Date.now() - started);
      const answer = answers.shift() ?? SAME;
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
    onError: error => errors.push(error),
  });
  return { follower, at, errors };
}

describe('nextDelay', () => {
  it('grows from one second to thirty while nothing changes', () => {
    expect([0, 5_000, 50_000, 300_000, 3_600_000].map(since => nextDelay(since))).toEqual([
      1_000, 1_000, 5_000, 30_000, 30_000,
    ]);
  });

  it('doubles with each failure in a row, up to thirty seconds', () => {
    expect([1, 2, 3, 4, 5, 50].map(failures => nextDelay(0, failures))).toEqual([
      2_000, 4_000, 8_000, 16_000, 30_000, 30_000,
    ]);
  });
});

describe('Follower', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('polls a second after it is started and then ever more seldom', async () => {
    const { follower, at } = follow([]);
    follower.start();
    await vi.advanceTimersByTimeAsync(600_000);
    expect(at.slice(0, 3)).toEqual([1_000, 2_000, 3_000]);
    const last = at.slice(-3);
    expect(last[2]! - last[1]!).toBe(30_000);
    expect(at.length).toBeLessThan(60);
    follower.stop();
  });

  it('polls often again after a change', async () => {
    const { follower, at } = follow([...Array<PollResult>(30).fill(SAME), CHANGED]);
    follower.start();
    await vi.advanceTimersByTimeAsync(300_000);
    const change = at[30]!;
    expect(change - at[29]!).toBeGreaterThan(5_000);
    expect(at[31]! - change).toBe(1_000);
    follower.stop();
  });

  it('stops by itself when nothing runs any more', async () => {
    const { follower, at } = follow([SAME, ENDED]);
    follower.start();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(at).toHaveLength(2);
    expect(follower.active).toBe(false);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('goes on after failures, more slowly, and recovers its pace', async () => {
    const failure = new Error('network gone');
    const { follower, at, errors } = follow([failure, failure, failure, SAME]);
    follower.start();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(at.slice(0, 5)).toEqual([1_000, 3_000, 7_000, 15_000, 16_500]);
    expect(errors).toEqual([failure, failure, failure]);
    follower.stop();
  });

  it('polls soon when something was done to a job', async () => {
    const { follower, at } = follow([]);
    follower.start();
    await vi.advanceTimersByTimeAsync(300_000);
    const before = at.length;
    follower.nudge();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(at).toHaveLength(before + 1);
    follower.stop();
  });

  it('polls once more when a job was started while the last poll was under way', async () => {
    let polls = 0;
    const follower = new Follower({
      poll: async () => {
        if (++polls === 1) follower.nudge();
        return await Promise.resolve({ running: false, changed: false });
      },
      onError: () => undefined,
    });
    follower.start();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(polls).toBe(2);
  });

  it('aborts the request under way when it is stopped and ignores what becomes of it', async () => {
    let aborted = false;
    const errors: unknown[] = [];
    const follower = new Follower({
      poll: signal =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => {
            aborted = true;
            reject(new Error('aborted'));
          });
        }),
      onError: error => errors.push(error),
    });
    follower.start();
    await vi.advanceTimersByTimeAsync(1_000);
    follower.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(aborted).toBe(true);
    expect(errors).toEqual([]);
    expect(follower.active).toBe(false);
  });
});
