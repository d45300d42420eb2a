import { describe, expect, it } from 'vitest';
import { compareKeys } from '../../../src/aws/selection/keyOrder.ts';
import { splitPoint } from '../../../src/aws/selection/splitPoint.ts';

/** Answers as S3 does, and remembers behind what it was asked. */
function bucketOf(keys: readonly string[]) {
  const sorted = [...keys].sort(compareKeys);
  const asked: string[] = [];
  const probe = async (after: string): Promise<string | undefined> => {
    asked.push(after);
    return await Promise.resolve(sorted.find(key => compareKeys(key, after) > 0));
  };
  return { asked, probe };
}

describe('a place that parts a range', () => {
  it('has keys behind it', async () => {
    const { probe } = bucketOf(['a/1', 'a/2', 'm/1', 'z/1']);
    const place = await splitPoint({ prefix: '', after: 'a/1' }, probe);
    expect(place).toBeDefined();
    expect(await probe(place!)).toBeDefined();
  });

  it('is none where all that is left begins like what was listed', async () => {
    const { probe } = bucketOf(['a']);
    expect(await splitPoint({ prefix: '', after: 'a' }, probe)).toBeUndefined();
  });

  it('is never asked for behind what is longer than a key can be', async () => {
    const long = 'k'.repeat(1023);
    const { asked, probe } = bucketOf([`${long}a`, `${long}b`, `${long}c`]);
    await splitPoint({ prefix: '', after: `${long}a` }, probe);
    expect(asked.length).toBeGreaterThan(0);
    asked.forEach(after => expect(Buffer.byteLength(after)).toBeLessThanOrEqual(1024));
  });
});
