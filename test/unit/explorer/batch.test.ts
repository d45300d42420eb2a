import { describe, expect, it } from 'vitest';
import { BrigadeError, type ErrorCode } from '../../../src/aws/errors.ts';
import { runBatch } from '../../../src/aws/transfers/batch.ts';

const numbers = (count: number): number[] => Array.from({ length: count }, (_, at) => at);

async function run(
  count: number,
  task: (item: number) => Promise<unknown>,
  bucketOf?: (item: number) => string,
  concurrency = 4,
) {
  const tried: number[] = [];
  const outcome = await runBatch(
    numbers(count),
    concurrency,
    new AbortController().signal,
    async item => {
      tried.push(item);
      await Promise.resolve();
      await task(item);
    },
    bucketOf,
  );
  return { ...outcome, tried };
}

const fail = (code: ErrorCode, awsCode?: string): Promise<never> =>
  Promise.reject(new BrigadeError(code, code, { awsCode }));

describe('a batch', () => {
  it.each<ErrorCode>([
    'CredentialsExpired',
    'CredentialsMissing',
    'Misconfigured',
    'NoConnection',
    'DiskFull',
  ])('of 200 stops when %s would meet all the rest, and knows what is left', async code => {
    const outcome = await run(200, item => (item < 100 ? Promise.resolve() : fail(code)));
    expect(outcome.done).toHaveLength(100);
    expect(outcome.failed).toEqual([]);
    expect(outcome.left).toEqual(numbers(200).slice(100));
    expect(outcome.stoppedBy).toMatchObject({ code });
    expect(outcome.isCancelled).toBe(false);
    // No more than what was under way at that moment.
    expect(outcome.tried.length).toBeLessThanOrEqual(104);
  });

  it.each<ErrorCode>(['AccessDenied', 'NotFound', 'InvalidInput', 'Throttled'])(
    'goes on after %s, which is about one item',
    async code => {
      const outcome = await run(5, item => (item % 2 ? fail(code) : Promise.resolve()));
      expect(outcome.done).toEqual([0, 2, 4]);
      expect(outcome.failed.map(({ item }) => item)).toEqual([1, 3]);
      expect([outcome.left, outcome.stoppedBy]).toEqual([[], undefined]);
    },
  );

  it('stops when the network is gone, not when one transfer broke', async () => {
    const once = await run(
      6,
      item => (item === 2 ? fail('Network') : Promise.resolve()),
      undefined,
      1,
    );
    expect([once.failed.map(({ item }) => item), once.left]).toEqual([[2], []]);
    const gone = await run(200, item => (item < 10 ? Promise.resolve() : fail('Network')));
    expect(gone.left).toEqual(numbers(200).slice(10));
    expect(gone.failed).toEqual([]);
    expect(gone.tried.length).toBeLessThanOrEqual(16);
  });

  it('asks no more of a bucket that is gone, and goes on with the others', async () => {
    const bucketOf = (item: number): string => (item % 2 ? 'gone' : 'here');
    const task = (item: number): Promise<unknown> =>
      item % 2 ? fail('NotFound', 'NoSuchBucket') : Promise.resolve();
    const outcome = await run(20, task, bucketOf, 1);
    expect(outcome.done).toHaveLength(10);
    expect(outcome.failed).toHaveLength(10);
    expect(outcome.tried).toHaveLength(11);
  });
});
