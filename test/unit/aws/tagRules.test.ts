import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { validateTags, type Tag } from '../../../src/aws/objects/tagRules.ts';

const tag = (key: string, value = ''): Tag => ({ key, value });
const many = (count: number) => Array.from({ length: count }, (_, index) => tag(`k${index}`));

describe('validateTags', () => {
  it('takes what AWS takes', () => {
    expect(validateTags([])).toEqual([]);
    expect(validateTags(many(10))).toEqual([]);
    expect(
      validateTags([tag('phototype', 'finished'), tag('Phototype', 'Ünïcode 1+2=3 a/b:c_d.@-')]),
    ).toEqual([]);
    expect(validateTags([tag('k'.repeat(128), 'v'.repeat(256))])).toEqual([]);
  });

  it('counts', () => {
    expect(validateTags(many(11))).toEqual([
      { index: 10, field: 'set', problem: 'tooMany', max: 10 },
    ]);
  });

  it('finds what AWS refuses', () => {
    expect(validateTags([tag('a'), tag('a', '2')])).toEqual([
      { index: 1, field: 'key', problem: 'duplicate' },
    ]);
    expect(validateTags([tag('')])).toEqual([{ index: 0, field: 'key', problem: 'empty' }]);
    expect(validateTags([tag('k'.repeat(129))])).toEqual([
      { index: 0, field: 'key', problem: 'tooLong', max: 128 },
    ]);
    expect(validateTags([tag('k', 'v'.repeat(257))])).toEqual([
      { index: 0, field: 'value', problem: 'tooLong', max: 256 },
    ]);
    expect(validateTags([tag('a#b', 'x;y')])).toEqual([
      { index: 0, field: 'key', problem: 'forbiddenCharacters' },
      { index: 0, field: 'value', problem: 'forbiddenCharacters' },
    ]);
    expect(validateTags([tag('aws:x')])).toEqual([{ index: 0, field: 'key', problem: 'reserved' }]);
    expect(validateTags([tag('smile', '🙂')])[0]?.problem).toBe('forbiddenCharacters');
    expect(validateTags([tag('tab', 'a\tb')])[0]?.problem).toBe('forbiddenCharacters');
  });

  it('counts UTF-16 units, as S3 does', () => {
    expect(validateTags([tag('𠮷'.repeat(64), '𠮷'.repeat(128))])).toEqual([]);
    expect(validateTags([tag('𠮷'.repeat(65))])).toEqual([
      { index: 0, field: 'key', problem: 'tooLong', max: 128 },
    ]);
    expect(validateTags([tag('k', '𠮷'.repeat(129))])).toMatchObject([{ field: 'value' }]);
  });

  it('never throws and points at tags that exist', () => {
    const anyTag = fc.record({ key: fc.string({ unit: 'binary' }), value: fc.string() });
    fc.assert(
      fc.property(fc.array(anyTag, { maxLength: 15 }), tags => {
        expect(validateTags(tags).every(({ index }) => tags[index] !== undefined)).toBe(true);
      }),
    );
  });
});
