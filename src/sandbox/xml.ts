import { AwsError } from './errors.ts';
import type { XmlElement } from './xmlReader.ts';
import { readXml } from './xmlReader.ts';
import type { XmlShape } from './xmlShape.ts';
import { fitsShape } from './xmlShape.ts';

export type { XmlElement } from './xmlReader.ts';

/**
 * Characters that must be references. A carriage return would be normalised away by a parser; other
 * control characters have no place in XML 1.0 at all, but S3 sends them as references too.
 */
const SPECIAL = /[&<>"\u0000-\u0008\u000b-\u001f]/g;
const REFERENCES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

export function escapeXml(text: string): string {
  return text.replace(
    SPECIAL,
    character => REFERENCES[character] ?? `&#${character.charCodeAt(0)};`,
  );
}

/** An element whose children are already markup. */
export function element(name: string, ...children: readonly string[]): string {
  return `<${name}>${children.join('')}</${name}>`;
}

/** An element with text, escaped; the empty string without a value. */
export function textElement(name: string, value: string | number | boolean | undefined): string {
  if (value === undefined) return '';
  return `<${name}>${typeof value === 'string' ? escapeXml(value) : String(value)}</${name}>`;
}

/** A whole document with its root's namespace. */
export function xmlDocument(
  root: string,
  namespace: string | undefined,
  ...children: readonly string[]
): string {
  const attribute = namespace === undefined ? '' : ` xmlns="${namespace}"`;
  const content = children.join('');
  // AWS writes a root without content as one tag.
  const element =
    content === '' ? `<${root}${attribute}/>` : `<${root}${attribute}>${content}</${root}>`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element}`;
}

/**
 * Reads a document. One that holds what AWS's schema has not may be a setting that was written wrong, and "did not
 * validate against our published schema".
 * @param schema the root's name and what it holds; without it, any document is taken
 * @throws AwsError MalformedXML when it is not well-formed or not of the schema
 */
export function parseXml(text: string, schema?: readonly [root: string, XmlShape]): XmlElement {
  const found = readXml(text);
  if (!found) throw malformedXml();
  if (schema && (found.name !== schema[0] || !fitsShape(found, schema[1]))) throw malformedXml();
  return found;
}

export function malformedXml(): AwsError {
  return new AwsError(
    'MalformedXML',
    400,
    'The XML you provided was not well-formed or did not validate against our published schema',
  );
}

export function childrenOf(parent: XmlElement | undefined, name: string): XmlElement[] {
  return parent?.children.filter(child => child.name === name) ?? [];
}

export function childOf(parent: XmlElement | undefined, name: string): XmlElement | undefined {
  return parent?.children.find(child => child.name === name);
}

/** The text of a child, or undefined when there is no such child. */
export function childText(parent: XmlElement | undefined, name: string): string | undefined {
  return childOf(parent, name)?.text;
}
