/**
 * The smallest string after all strings that begin with `prefix`, in the order of UTF-8 bytes (which
 * is that of code points); undefined when there is none.
 */
export function prefixEnd(prefix: string): string | undefined {
  const points = Array.from(prefix, character => character.codePointAt(0) ?? 0);
  for (let last = points.pop(); last !== undefined; last = points.pop()) {
    if (last < 0x10ffff) return String.fromCodePoint(...points, afterPoint(last));
  }
  return undefined;
}

/** The next code point that UTF-8 can hold: surrogates can't be encoded. */
function afterPoint(point: number): number {
  return point === 0xd7ff ? 0xe000 : point + 1;
}

/** The smallest string after `key`. */
export function justAfter(key: string): string {
  return `${key}\0`;
}

/** Compares by UTF-8 bytes, as S3 orders keys. */
export function compareKeys(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** What S3's listings roll `key` up to: up to the first delimiter after the prefix. */
export function commonPrefix(key: string, prefix: string, delimiter: string): string | undefined {
  if (delimiter === '') return undefined;
  const at = key.indexOf(delimiter, prefix.length);
  return at === -1 ? undefined : key.slice(0, at + delimiter.length);
}

/**
 * Where a listing continues after a key that a client named: after the key itself, or after the
 * whole common prefix that it falls into, because that one has been listed.
 */
export function resumeAfter(key: string, prefix: string, delimiter: string): string | undefined {
  const rolledUp = key.startsWith(prefix) ? commonPrefix(key, prefix, delimiter) : undefined;
  return rolledUp === undefined ? justAfter(key) : prefixEnd(rolledUp);
}
