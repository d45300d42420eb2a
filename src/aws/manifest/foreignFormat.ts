/** What a file is that is no CSV in UTF-8. */
export type ForeignFormat = 'gzip' | 'ZIP' | 'UTF-16' | 'JSON' | 'XML' | 'Parquet' | 'ORC';

/** Bytes that are enough to tell. */
export const HEAD_BYTES = 64;

const MAGIC: readonly (readonly [RegExp, ForeignFormat])[] = [
  [/^\x1f\x8b/, 'gzip'],
  [/^PK\x03\x04/, 'ZIP'],
  [/^PAR1/, 'Parquet'],
  [/^ORC/, 'ORC'],
  [/^(\xff\xfe|\xfe\xff)/, 'UTF-16'],
  // ASCII in UTF-16 without a mark: every other byte is 0.
  [/^([^\0]\0){2}|^(\0[^\0]){2}/, 'UTF-16'],
  // No bucket's name begins so.
  [/^(\xef\xbb\xbf)?\s*[[{]/, 'JSON'],
  [/^(\xef\xbb\xbf)?\s*</, 'XML'],
];

/** Tells by its first bytes; undefined for what may be CSV. */
export function foreignFormat(head: Uint8Array): ForeignFormat | undefined {
  const text = Buffer.from(head).subarray(0, HEAD_BYTES).toString('latin1');
  return MAGIC.find(([pattern]) => pattern.test(text))?.[1];
}
