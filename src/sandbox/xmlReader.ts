/** An element that was read; names are without namespace prefix. */
export interface XmlElement {
  readonly name: string;
  readonly children: readonly XmlElement[];
  /** The text directly inside it, not trimmed. */
  readonly text: string;
}

interface OpenElement {
  /** As it is written, with its prefix. */
  readonly tag: string;
  readonly name: string;
  readonly children: XmlElement[];
  text: string;
}

const NAMED: Readonly<Record<string, string | undefined>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};

/** So deep and so many elements has no body of S3: one of 10,000 parts has some 60,000. */
const MAX_LEVELS = 32;
const MAX_ELEMENTS = 200_000;
/** Characters of a tag with its attributes. */
const LONGEST_TAG = 4096;

/** Characters that are in no document (XML 1.0, 2.2). */
const NO_CHARACTER = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/;

/** A tag between its angles: the name, attributes (which no body of S3 needs), an empty one's slash. */
const TAG = /^([\w.:-]+)(?:\s+[\w.:-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*\s*(\/?)$/;
const MARKUP = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
] as const;

/**
 * Reads the small XML documents that AWS's clients send. A hand-written reader, because the general
 * parser at hand takes two roots, text behind the root and unknown references for well-formed, which
 * S3 does not.
 * Document types are refused, so there are no entities but XML's own five; and so are the characters that XML 1.0
 * has no word for, written as they are or as references, as S3 refuses them (basho/riak_cs#974, boto/boto3#2005).
 * @returns the root, or undefined when the text is not well-formed.
 */
export function readXml(text: string): XmlElement | undefined {
  if (NO_CHARACTER.test(text)) return undefined;
  const document: OpenElement = { tag: '', name: '', children: [], text: '' };
  const open: OpenElement[] = [document];
  let at = 0;
  let elements = 0;
  while (at < text.length) {
    const parent = open.at(-1);
    if (!parent) return undefined;
    if (text[at] !== '<') {
      const end = endOf(text, '<', at);
      const plain = decode(text.slice(at, end));
      if (plain === undefined) return undefined;
      parent.text += plain;
      at = end;
      continue;
    }
    elements += 1;
    if (elements > 2 * MAX_ELEMENTS) return undefined;
    const next = readMarkup(text, at, open, parent);
    if (next === undefined) return undefined;
    at = next;
  }
  const [root] = document.children;
  const whole = open.length === 1 && document.children.length === 1;
  return whole && document.text.replace('\ufeff', '').trim() === '' ? root : undefined;
}

function endOf(text: string, mark: string, from: number): number {
  const end = text.indexOf(mark, from);
  return end === -1 ? text.length : end;
}

/** Reads a tag, a comment, a CDATA section or an instruction; answers where it ends. */
function readMarkup(
  text: string,
  at: number,
  open: OpenElement[],
  parent: OpenElement,
): number | undefined {
  for (const [begin, end] of MARKUP) {
    if (!text.startsWith(begin, at)) continue;
    const stop = text.indexOf(end, at + begin.length);
    if (stop === -1) return undefined;
    if (begin === '<![CDATA[') parent.text += text.slice(at + begin.length, stop);
    return stop + end.length;
  }
  const stop = text.indexOf('>', at);
  if (stop === -1) return undefined;
  const inside = text.slice(at + 1, stop);
  const fine = inside.startsWith('/')
    ? closeElement(inside, open)
    : openElement(inside, open, parent);
  return fine ? stop + 1 : undefined;
}

function openElement(inside: string, open: OpenElement[], parent: OpenElement): boolean {
  if (inside.length > LONGEST_TAG || open.length > MAX_LEVELS) return false;
  const match = TAG.exec(inside);
  if (!match) return false;
  const [, tag = '', slash] = match;
  const name = tag.slice(tag.indexOf(':') + 1);
  const child: OpenElement = { tag, name, children: [], text: '' };
  parent.children.push(child);
  if (slash === '') open.push(child);
  return true;
}

function closeElement(inside: string, open: OpenElement[]): boolean {
  const closed = open.length > 1 ? open.pop() : undefined;
  return closed?.tag === inside.slice(1).trimEnd();
}

/** Resolves references and normalises line ends; undefined for a reference that XML does not know. */
function decode(raw: string): string | undefined {
  const text = raw.includes('\r') ? raw.replace(/\r\n?/g, '\n') : raw;
  if (!text.includes('&')) return text;
  // Every second piece is a reference, with its semicolon unless that is missing.
  const pieces = text.split(/&([^;&]*;?)/);
  const decoded = pieces.map((piece, index) => (index % 2 === 0 ? piece : resolve(piece)));
  return decoded.includes(undefined) ? undefined : decoded.join('');
}

function resolve(reference: string): string | undefined {
  if (!reference.endsWith(';')) return undefined;
  const name = reference.slice(0, -1);
  return NAMED[name] ?? numbered(name);
}

function numbered(reference: string): string | undefined {
  const match = /^#(?:x([0-9a-fA-F]{1,6})|(\d{1,7}))$/.exec(reference);
  if (!match) return undefined;
  const point = match[1] === undefined ? Number(match[2]) : Number.parseInt(match[1], 16);
  const surrogate = point >= 0xd800 && point <= 0xdfff;
  if (point > 0x10ffff || surrogate) return undefined;
  const character = String.fromCodePoint(point);
  return NO_CHARACTER.test(character) ? undefined : character;
}
