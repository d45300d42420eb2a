import type { Tag } from './tagRules.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '"': '&quot;',
  "'": '&apos;',
  '<': '&lt;',
  '>': '&gt;',
  '\r': '&#x0D;',
  '\n': '&#x0A;',
  '\u0085': '&#x85;',
  '\u2028': '&#x2028;',
};

/** A tag set as the SDK writes it into PutObjectTagging. */
export function writeTagging(tags: readonly Tag[]): string {
  const set = tags.map(
    tag => `<Tag>${element('Key', tag.key)}${element('Value', tag.value)}</Tag>`,
  );
  return (
    '<?xml version="1.0" encoding="UTF-8"?><Tagging xmlns="http://s3.amazonaws.com/doc/2006-03-01/">' +
    `<TagSet>${set.join('')}</TagSet></Tagging>`
  );
}

/** An element of smithy's XML has no end tag of its own when it is empty. */
function element(name: string, text: string): string {
  const escaped = text.replace(/[&"'<>\r\n\u0085\u2028]/g, character => ESCAPES[character] ?? '');
  return `<${name}>${escaped}</${name}>`;
}

const TAG = /<Tag><Key>([^<]*)<\/Key>(?:<Value>([^<]*)<\/Value>|<Value ?\/>)<\/Tag>/g;
const DOCUMENT =
  /^(?:<\?xml[^>]*\?>\s*)?<Tagging(?: xmlns="[^"]*")?>(?:<TagSet>((?:<Tag>.*<\/Tag>)?)<\/TagSet>|<TagSet ?\/>)<\/Tagging>\s*$/s;
const ENTITY = /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(amp|lt|gt|quot|apos));/gi;
const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};

/** Reads GetObjectTagging's answer where it is written plainly, as S3 does; else undefined. */
export function readTagging(text: string): Tag[] | undefined {
  const match = DOCUMENT.exec(text);
  // What a raw line end means is for a parser to say.
  if (!match || text.includes('\r')) return undefined;
  const set = match[1] ?? '';
  const tags: Tag[] = [];
  let length = 0;
  for (const [whole, key = '', value = ''] of set.matchAll(TAG)) {
    length += whole.length;
    const tag = { key: decode(key), value: decode(value) };
    if (tag.key === undefined || tag.value === undefined) return undefined;
    tags.push({ key: tag.key, value: tag.value });
  }
  return length === set.length ? tags : undefined;
}

function decode(text: string): string | undefined {
  if (!text.includes('&')) return text;
  if (text.replace(ENTITY, '').includes('&')) return undefined;
  return text.replace(ENTITY, (_, hex?: string, decimal?: string, name = '') => {
    const code = hex === undefined ? Number(decimal) : parseInt(hex, 16);
    return (
      NAMED[String(name).toLowerCase()] ?? (code <= 0x10_ff_ff ? String.fromCodePoint(code) : '')
    );
  });
}
