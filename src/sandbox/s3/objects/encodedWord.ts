const WORD = /^=\?UTF-8\?([BQ])\?([\x21-\x7e ]*)\?=$/i;
const PRINTABLE = /^[\x20-\x7e]*$/;

/**
 * A value of user metadata as S3 keeps it: one that is written as an encoded word (RFC 2047) but needs not
 * be is given back decoded (recorded); one of other characters stays as it came.
 */
export function decodedWord(value: string): string {
  const [, encoding, text = ''] = WORD.exec(value) ?? [];
  if (encoding === undefined) return value;
  const decoded = encoding.toUpperCase() === 'B' ? fromBase64(text) : fromQuoted(text);
  return decoded !== undefined && PRINTABLE.test(decoded) ? decoded : value;
}

/**
 * A value of user metadata as S3 answers it: characters that no header should have are written as an
 * encoded word, in the form that needs less (user guide, "User-defined object metadata"; recorded).
 * @param value bytes of UTF-8, each as a character, as Node reads and writes headers
 */
export function encodedWord(value: string): string {
  const others = (value.match(/[\x80-\xff]/g) ?? []).length;
  if (others === 0) return value;
  const bytes = Buffer.from(value, 'latin1');
  return others > value.length - others
    ? `=?UTF-8?B?${bytes.toString('base64')}?=`
    : `=?UTF-8?Q?${[...bytes].map(quoted).join('')}?=`;
}

function quoted(byte: number): string {
  const character = String.fromCharCode(byte);
  if (character === ' ') return '_';
  if (byte > 0x20 && byte < 0x7f && !'=?_'.includes(character)) return character;
  return `=${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}

function fromBase64(text: string): string | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes.toString('utf8') : undefined;
}

function fromQuoted(text: string): string | undefined {
  try {
    return decodeURIComponent(
      text
        .replaceAll('_', ' ')
        .replaceAll('%', '%25')
        .replace(/=(?=[0-9A-F]{2})/gi, '%'),
    );
  } catch {
    return undefined;
  }
}
