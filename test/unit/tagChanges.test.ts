import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { validateTags } from '../../src/aws/objects/tagRules.ts';
import { applyTagChanges, changesBetween, setTags } from '../../src/explorer/tags/tagChanges.ts';

const A = { key: 'a', value: '1' };
const B = { key: 'b', value: '2' };

describe('changes to a tag set', () => {
  it.each([
    ['adds at the end', [A], [{ to: B }], [A, B]],
    [
      'changes in place',
      [A, B],
      [{ from: 'a', to: { key: 'a', value: '9' } }],
      [{ key: 'a', value: '9' }, B],
    ],
    [
      'renames in place',
      [A, B],
      [{ from: 'a', to: { key: 'c', value: '1' } }],
      [{ key: 'c', value: '1' }, B],
    ],
    ['removes', [A, B], [{ from: 'a' }], [B]],
    ['lets a removed tag be gone already', [B], [{ from: 'a' }], [B]],
    ['adds again what someone removed meanwhile', [B], [{ from: 'a', to: A }], [B, A]],
  ])('%s', (_, before, changes, after) => {
    expect(applyTagChanges(before, changes)).toEqual(after);
  });

  it('never overwrite a tag that someone added meanwhile', () => {
    const after = applyTagChanges([A], [{ to: { key: 'a', value: 'mine' } }]);
    expect(validateTags(after)).toMatchObject([{ problem: 'duplicate' }]);
  });

  it('are found between any two sets, and keep what neither had', () => {
    const tag = fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd'), value: fc.string() });
    const set = fc.uniqueArray(tag, { selector: one => one.key });
    fc.assert(
      fc.property(set, set, (before, after) => {
        const other = { key: 'other', value: '' };
        const made = applyTagChanges([...before, other], changesBetween(before, after));
        expect(made).toHaveLength(after.length + 1);
        expect(made).toEqual(expect.arrayContaining([...after, other]));
      }),
    );
  });
});

describe('changes to each of several objects', () => {
  it.each([
    ['add what is not there', [B], [{ to: A }], [B, A]],
    ['take the place of another value', [B, { ...A, value: 'old' }], [{ to: A }], [B, A]],
    ['leave an object without the tag as it is', [B], [{ from: 'a', to: A }], [B]],
    ['remove where there is something to remove', [A, B], [{ from: 'a' }], [B]],
  ])('%s', (_, before, changes, after) => {
    expect(setTags(before, changes)).toEqual(after);
  });
});
