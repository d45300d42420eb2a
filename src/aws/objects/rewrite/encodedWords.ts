const WORD = /=\?UTF-8\?([BQ])\?([\x21-\x3e\x40-\x7e]*)\?=/gi;
const ASCII = /^[\x20-\x7e]*$/;

/**
 * A value of user metadata as S3 takes it: what is not ASCII as an encoded word of RFC 2047 (Amazon S3
 * user guide, "User-defined object metadata").
 */
export function encodeWords(text: string): string {
  return ASCII.test(text) ? text : `=?UTF-8?B?${Buffer.from(text, 'utf8').toString('base64')}?=`;
}

/** A value as people read it; what is no encoded word stays as it is. */
export function decodeWords(value: string): string {
  // Blanks between two words only keep them apart.
  const joined = value.replace(/(\?=)\s+(?==\?UTF-8\?[BQ]\?)/gi, '$1');
  return joined.replace(WORD, (word, encoding: string, text: string) => {
    const bytes = encoding.toUpperCase() === 'B' ? Buffer.from(text, 'base64') : quoted(text);
    const decoded = bytes.toString('utf8');
    return decoded.includes('\ufffd') ? word : decoded;
  });
}

function quoted(text: string): Buffer {
  const plain = text
    .replaceAll('_', ' ')
    .replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(plain, 'latin1');
}
