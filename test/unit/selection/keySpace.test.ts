import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareKeys } from '../../../src/aws/selection/keyOrder.ts';
import { rangesOf, type KeyPage, type KeyRange } from '../../../src/aws/selection/keyRange.ts';
import { KeySpace } from '../../../src/aws/selection/keySpace.ts';

/** A bucket in memory that lists as S3 does, in the order of UTF-8's bytes. */
function bucketOf(names: Iterable<string>, pageSize = 3) {
  const keys = [...new Set(names)].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const calls = { pages: 0, probes: 0 };
  const behind = (after: string, prefix: string): string[] =>
    keys.filter(
      key => key.startsWith(prefix) && Buffer.compare(Buffer.from(key), Buffer.from(after)) > 0,
    );
  const list = async (range: KeyRange): Promise<KeyPage> => {
    calls.pages += 1;
    await new Promise(resolve => setTimeout(resolve, calls.pages % 3));
    const found = behind(range.after ?? '', range.prefix);
    const page = found.slice(0, pageSize);
    const rest = found.length > page.length ? { ...range, after: page.at(-1)! } : undefined;
    return { refs: page.map(key => ({ bucket: 'b', key })), rest };
  };
  const probe = (range: KeyRange) => (after: string) => {
    calls.probes += 1;
    return Promise.resolve(behind(after, range.prefix)[0]);
  };
  return { keys, calls, list, probe };
}

async function read(space: KeySpace, pages = Infinity): Promise<string[]> {
  const keys: string[] = [];
  for await (const refs of space.pages()) {
    keys.push(...refs.map(({ key }) => key));
    if (--pages <= 0) break;
  }
  return keys;
}

const sorted = (keys: readonly string[]): string[] => [...keys].sort(compareKeys);

const AWKWARD = fc.string({
  unit: fc.oneof(
    fc.constantFrom('a', 'b', '/', '0', '9', '~', ' ', '+', '%', '\n', '\u{7f}'),
    fc.constantFrom('é', '\ud7ff', '\ue000', '\uffff', '😀', '\u{10ffff}'),
  ),
  minLength: 1,
  maxLength: 6,
});

describe('keys are compared as S3 sorts them', () => {
  it('by the bytes of UTF-8', () => {
    fc.assert(
      fc.property(AWKWARD, AWKWARD, (a, b) => {
        const bytes = Buffer.compare(Buffer.from(a), Buffer.from(b));
        expect(Math.sign(compareKeys(a, b))).toBe(bytes);
      }),
    );
  });
});

describe('a bucket’s keys, listed in parts', () => {
  it('are all there once, however they are distributed and wherever it is interrupted', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(AWKWARD, { maxLength: 80 }),
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 12 }),
        async (names, most, pages) => {
          const { keys, list, probe } = bucketOf(names);
          const first = new KeySpace([{ prefix: '' }], { list, probe, most });
          const begun = await read(first, pages);
          const left = JSON.parse(JSON.stringify(first.left)) as KeyRange[];
          const rest = await read(new KeySpace(left, { list, probe, most }));
          expect(sorted([...begun, ...rest])).toEqual(keys);
        },
      ),
      { numRuns: 60 },
    );
  });

  it.each<[string, (index: number) => string]>([
    ['counted', index => `many/${index.toString().padStart(9, '0')}`],
    ['by date', index => `logs/2026/${1 + (index % 12)}/${1 + (index % 28)}/${index}.gz`],
    ['by hash', index => (index * 2654435761).toString(16).padStart(16, '0')],
    ['one long folder beside small ones', index => (index % 50 ? `z/${index}` : `${index}/a`)],
    ['in another script', index => `写真/${'日月火水木金土'[index % 7]!}/${index}`],
  ])('are split into as many parts as are listed at a time: %s', async (_, keyOf) => {
    const { keys, calls, list, probe } = bucketOf(
      Array.from({ length: 3000 }, (__, at) => keyOf(at)),
    );
    let lanes = 0;
    let most = 0;
    const watched = async (range: KeyRange): Promise<KeyPage> => {
      lanes += 1;
      most = Math.max(most, lanes);
      try {
        return await list(range);
      } finally {
        lanes -= 1;
      }
    };
    const space = new KeySpace([{ prefix: '' }], { list: watched, probe, most: 8 });
    expect(sorted(await read(space))).toEqual(keys);
    expect(most).toBe(8);
    // 1,000 pages would do, had one known everything.
    expect(calls.pages).toBeLessThan(1200);
    expect(calls.probes).toBeLessThan(600);
  });

  it('of a short listing are not looked for with further requests', async () => {
    const { calls, list, probe } = bucketOf(['a', 'b', 'c', 'd']);
    await read(new KeySpace([{ prefix: '' }], { list, probe, most: 8 }));
    expect(calls).toEqual({ pages: 2, probes: 0 });
  });

  it('come to an end with the first failure', async () => {
    const { list, probe } = bucketOf(Array.from({ length: 99 }, (_, at) => `${at}`));
    let calls = 0;
    const failing = (range: KeyRange): Promise<KeyPage> =>
      ++calls > 5 ? Promise.reject(new Error('denied')) : list(range);
    const space = new KeySpace([{ prefix: '' }], { list: failing, probe, most: 4 });
    await expect(read(space)).rejects.toThrow('denied');
  });

  it('of prefixes within each other are listed once', () => {
    expect(rangesOf({ prefixes: ['a/b/', 'c', 'a/', 'a/'] })).toEqual([
      { prefix: 'a/' },
      { prefix: 'c' },
    ]);
    expect(rangesOf({ prefixes: ['a', ''] })).toEqual([{ prefix: '' }]);
  });
});
