import { describe, expect, it } from 'vitest';
import { readTagging, writeTagging } from '../../../src/aws/objects/tagDocument.ts';

const AWKWARD = [
  { key: 'a&b', value: '<"\'>' },
  { key: 'line\nend\r', value: '\u2028\u0085' },
  { key: ' é🪣 ', value: '' },
  { key: '&amp;', value: '&#65;' },
];

describe('the document of a tag set', () => {
  it('holds any text', () => {
    expect(readTagging(writeTagging(AWKWARD))).toEqual(AWKWARD);
    expect(readTagging(writeTagging([]))).toEqual([]);
  });

  it('is read as S3 and others write it', () => {
    expect(readTagging('<Tagging><TagSet/></Tagging>')).toEqual([]);
    expect(
      readTagging(
        '<Tagging xmlns="x"><TagSet><Tag><Key>a</Key><Value/></Tag></TagSet></Tagging>\n',
      ),
    ).toEqual([{ key: 'a', value: '' }]);
  });

  it.each([
    '',
    '<Tagging><TagSet>',
    '<Tagging><TagSet><Tag><Key>a</Key></Tag></TagSet></Tagging>',
    '<Tagging><TagSet> <Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>',
    '<Tagging><TagSet><Tag><Value>b</Value><Key>a</Key></Tag></TagSet></Tagging>',
    '<Tagging><TagSet><Tag><Key>&other;</Key><Value>b</Value></Tag></TagSet></Tagging>',
    '<Tagging><TagSet><Tag><Key><![CDATA[a]]></Key><Value>b</Value></Tag></TagSet></Tagging>',
    '<Tagging><TagSet><Tag><Key>a\r\n</Key><Value>b</Value></Tag></TagSet></Tagging>',
  ])('is left to the SDK where it is written otherwise: %s', text => {
    expect(readTagging(text)).toBeUndefined();
  });
});
