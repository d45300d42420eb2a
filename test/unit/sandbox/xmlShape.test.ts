import { describe, expect, it } from 'vitest';
import { readXml } from '../../../src/sandbox/xmlReader.ts';
import type { XmlShape } from '../../../src/sandbox/xmlShape.ts';
import { TAG, fitsShape } from '../../../src/sandbox/xmlShape.ts';

const SHAPE: XmlShape = { Name: 'text', 'Tag*': TAG, Inside: { Tag: TAG }, Other: 'anything' };

describe('a document fits a shape', () => {
  it.each([
    ['nothing', ''],
    ['any order', '<Tag><Value>v</Value><Key>k</Key></Tag><Name>n</Name>'],
    ['repeated where that may be', '<Tag/><Name/><Tag/>'],
    ['space and comments between', '\n <Name>n</Name> <!-- c -->\t<Tag>\n</Tag>\n'],
    ['what is read elsewhere', '<Other>x<a/><a/></Other>'],
  ])('with %s', (_what, inside) => {
    expect(fitsShape(readXml(`<R>${inside}</R>`)!, SHAPE)).toBe(true);
  });

  it.each([
    ['another element', '<Names/>'],
    ['another one further inside', '<Tag><Key>k</Key><Value>v</Value><Note/></Tag>'],
    ['an element of another place', '<Key>k</Key>'],
    ['elements in a text', '<Name>n<b/></Name>'],
    ['one twice', '<Name>n</Name><Name>m</Name>'],
    ['one twice that comes once there', '<Inside><Tag/><Tag/></Inside>'],
    ['text between elements', '<Name>n</Name>text'],
    ['a name that objects have', '<constructor/>'],
    ['the mark of repetition', '<Tag.>k</Tag.>'],
  ])('not with %s', (_what, inside) => {
    expect(fitsShape(readXml(`<R>${inside}</R>`)!, SHAPE)).toBe(false);
  });
});
