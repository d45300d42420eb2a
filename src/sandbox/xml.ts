import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { AwsError } from './errors.ts';

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

/** An element of children that are markup already. */
export function element(name: string, ...children: readonly string[]): string {
  return `<${name}>${children.join('')}</${name}>`;
}

/** An element of text, or nothing when there is no value. */
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
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root}${attribute}>${children.join('')}</${root}>`;
}

/** An element that was read; names are without namespace prefix. */
export interface XmlElement {
  readonly name: string;
  readonly children: readonly XmlElement[];
  /** The text directly inside it, not trimmed. */
  readonly text: string;
}

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  removeNSPrefix: true,
  parseTagValue: false,
  trimValues: false,
  htmlEntities: true,
});

/**
 * Reads a document.
 * @throws AwsError MalformedXML when it is not well-formed or has another root.
 */
export function parseXml(text: string, root?: string): XmlElement {
  // The parser itself lets unclosed elements pass. Its successor package is not worth a dependency.
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  const valid = XMLValidator.validate(text) === true;
  if (!valid || /<!(DOCTYPE|ENTITY)/i.test(text)) throw malformedXml();
  const found = toElements(parser.parse(text)).at(0);
  if (found === undefined || (root !== undefined && found.name !== root)) throw malformedXml();
  return found;
}

export function malformedXml(): AwsError {
  return new AwsError(
    'MalformedXML',
    400,
    'The XML you provided was not well-formed or did not validate against our published schema',
  );
}

function toElements(nodes: unknown): XmlElement[] {
  if (!Array.isArray(nodes)) return [];
  return nodes.flatMap((node: Record<string, unknown>) => {
    const name = Object.keys(node).find(key => key !== '#text' && key !== ':@');
    if (name === undefined) return [];
    const inside = node[name];
    return [{ name, children: toElements(inside), text: directText(inside) }];
  });
}

function directText(nodes: unknown): string {
  if (!Array.isArray(nodes)) return '';
  return nodes
    .map((node: Record<string, unknown>) => node['#text'])
    .filter(text => typeof text === 'string')
    .join('');
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
