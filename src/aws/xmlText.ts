/** Characters that XML 1.0 has no word for, not even as a reference (XML 1.0, 2.2). */
const NOT_XML = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/;

/**
 * Whether a document can carry a text. S3 answers MalformedXML to a DeleteObjects with such a key, also
 * where it is written as a reference (basho/riak_cs#974, boto/boto3#2005).
 */
export function fitsXml(text: string): boolean {
  return !NOT_XML.test(text);
}

/** The text of an element as it was before it was written: its references resolved. */
export function decodeXml(text: string): string {
  return text.includes('&') ? text.replace(ENTITY, decodeEntity) : text;
}

const ENTITY = /&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi;
const NAMED: Readonly<Record<string, string>> = {
  ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" },
};

function decodeEntity(whole: string, hex?: string, decimal?: string, name = ''): string {
  if (hex !== undefined) return String.fromCodePoint(parseInt(hex, 16));
  if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
  return NAMED[name] ?? whole;
}
