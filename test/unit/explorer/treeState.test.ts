import { describe, expect, it } from 'vitest';
import {
  prefixRow,
  type BucketRow,
  type FolderRow,
  type Row,
} from '../../../src/explorer/tree/rows.ts';
import { TreeState } from '../../../src/explorer/tree/treeState.ts';

const bucket = 'photos';
const top: BucketRow = { kind: 'bucket', id: 'b', session: 'k', bucket, pinned: false };

function expand(state: TreeState, row: FolderRow | undefined, rows: readonly Row[]): void {
  state.setChildren(row, { ready: Promise.resolve(), rows });
  state.remember(rows);
}

/** A bucket with many prefixes, whose rows count how often they are looked at. */
function wide(count: number): { state: TreeState; looks: () => number } {
  const state = new TreeState('k');
  let looks = 0;
  const prefixes = Array.from({ length: count }, (_, at) => {
    const row = prefixRow(top, `p${at}/`);
    return Object.defineProperty({ ...row }, 'bucket', { get: () => (looks++, bucket) });
  });
  expand(state, undefined, [top]);
  expand(state, top, prefixes);
  for (const row of prefixes) expand(state, row, []);
  return { state, looks: () => looks };
}

describe('the rows that list a key', () => {
  const inner = prefixRow(top, 'a/');
  const pinned: BucketRow = {
    kind: 'bucket',
    id: 'p',
    session: 'k',
    bucket,
    key: 'a/',
    pinned: true,
  };
  const state = new TreeState('k');
  expand(state, undefined, [top, pinned]);
  expand(state, top, [inner]);
  expand(state, inner, [prefixRow(inner, 'a/closed/')]);
  expand(state, pinned, []);

  it.each([
    ['x', [top]],
    ['/x', [top]],
    ['//', [top]],
    ['a/x', [inner, pinned]],
    ['a/closed/x', [inner, pinned]],
    ['a//x', [inner, pinned]],
    ['', [top]],
  ])('are the innermost that are open: %j', (key, rows) => {
    expect(new Set(state.foldersOf(bucket, [key]))).toEqual(new Set(rows));
    expect(state.foldersOf('other', [key])).toEqual([]);
  });

  it('are found by one look at each, however many keys there are', () => {
    const { state: big, looks } = wide(10_000);
    const before = looks();
    const keys = Array.from({ length: 100_000 }, (_, at) => `p${at % 10_000}/x${at}`);
    expect(big.foldersOf(bucket, keys)).toHaveLength(10_000);
    expect(looks() - before).toBeLessThanOrEqual(20_000);
  });

  it('are forgotten with what is below them, and nothing else', () => {
    const { state: big, looks } = wide(1_000);
    const [first] = big.rows((row): row is FolderRow => row.kind === 'prefix');
    const before = looks();
    big.forget(first);
    expect(looks() - before).toBeLessThan(10);
    expect(big.children(first)).toBeUndefined();
    big.forget(top);
    expect(big.rows((row): row is FolderRow => row.kind === 'prefix')).toEqual([]);
    expect(big.children(undefined)).toBeDefined();
  });
});
