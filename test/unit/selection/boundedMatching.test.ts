import { expect, it } from 'vitest';
import { boundedMatching } from '../../../src/aws/selection/boundedMatching.ts';
import type { ObjectFilter } from '../../../src/aws/selection/selection.ts';

const refs = (...keys: string[]) => keys.map(key => ({ bucket: 'b', key }));

it.each<[ObjectFilter, string[]]>([
  [{ regex: '^\\d{4}/' }, ['2026/a']],
  [{ glob: '**/*.png' }, ['x/y.png']],
  [{ contains: 'a', regex: '/' }, ['2026/a']],
  [{ suffix: '.png' }, ['x/y.png']],
  [{}, ['2026/a', 'x/y.png', 'b']],
])('%j leaves what fits', (filter, keys) => {
  const matching = boundedMatching(filter);
  expect(matching(refs('2026/a', 'x/y.png', 'b'))).toEqual(refs(...keys));
  expect(matching([])).toEqual([]);
});

it.each<ObjectFilter>([{ regex: '^(a+)+$' }, { glob: `${'**a'.repeat(12)}b` }])(
  '%j, which would take years, is given up after two seconds, and what comes next goes on',
  filter => {
    const matching = boundedMatching(filter);
    const began = performance.now();
    expect(() => matching(refs(`${'a'.repeat(400)}!`))).toThrow(
      expect.objectContaining({ code: 'InvalidInput', reason: 'SlowPattern' }),
    );
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(matching(refs('c'))).toEqual([]);
  },
  20_000,
);
