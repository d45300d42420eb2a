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
