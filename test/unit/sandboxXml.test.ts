import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitsXml } from '../../src/aws/xmlText.ts';
import { childText, element, parseXml, textElement, xmlDocument } from '../../src/sandbox/xml.ts';
import { readXml } from '../../src/sandbox/xmlReader.ts';

describe('readXml', () => {
  it('reads back every text that we write', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }).filter(fitsXml), text => {
        const document = xmlDocument('R', 'urn:x', element('A', textElement('B', text)));
        expect(childText(parseXml(document).children[0], 'B')).toBe(text);
      }),
    );
  });

  it('reads declarations, comments, CDATA, prefixes, attributes and empty elements', () => {
    const root = readXml(
      '\ufeff<?xml version="1.0"?>\n<!-- c --><s:R xmlns:s="urn:x" b=\'c\' >' +
        '<E/><F a="b"/>\r\n<T>a&#x1F600;&#13;&lt;<![CDATA[<&]]><!-- no --></T></s:R >\n',
    );
    expect(root?.name).toBe('R');
    expect(root?.children.map(({ name, text }) => [name, text])).toEqual([
      ['E', ''],
      ['F', ''],
      ['T', 'a😀\r<<&'],
    ]);
  });

  it.each([
    '',
    'text',
    '<R>',
    '<R></S>',
    '<R/><R/>',
    '<R/>text',
    '</R>',
    '<R><A></R></A>',
    '<R a=b/>',
    '<R>&nbsp;</R>',
    '<R>a & b</R>',
    '<R>&#xD800;</R>',
    '<R>&#x1;</R>',
    '<R>&#0;</R>',
    '<R>&#xFFFF;</R>',
    '<R>\u0001</R>',
    '<R><![CDATA[\u0010]]></R>',
    '<!DOCTYPE R [<!ENTITY a "b">]><R>&a;</R>',
    '<R><![CDATA[</R>',
    '<R',
  ])('refuses %s', text => {
    expect(readXml(text)).toBeUndefined();
  });
});
