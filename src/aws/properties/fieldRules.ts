import { encodeWords } from '../objects/rewrite/encodedWords.ts';
import { METADATA_PREFIX, type Fields } from '../objects/rewrite/fields.ts';

/** Bytes that names and values of user metadata may have together (user guide, "Object metadata"). */
export const MAX_METADATA_BYTES = 2048;

/** What S3, or HTTP before it, would refuse or change of a field. */
export type FieldProblem =
  /** A name is letters, digits and !#$%&'*+-.^_`|~ (RFC 9110, "Tokens"). */
  | 'name'
  | 'duplicate'
  /** Control characters, line ends among them. */
  | 'control'
  /** Blanks at its ends, which HTTP strips. */
  | 'blanks'
  /** A header that is empty is none: remove it. */
  | 'empty'
  /** A header is ASCII; only metadata is encoded. */
  | 'notAscii'
  /** Expires is a date. */
  | 'notDate'
  | 'tooLong';

/** The name that user metadata has with S3, which writes all names in small letters. */
export function metadataField(name: string): string {
  const plain = name.trim().toLowerCase();
  return plain.startsWith(METADATA_PREFIX) ? plain : `${METADATA_PREFIX}${plain}`;
}

/** What is wrong with the name of new user metadata. */
export function nameProblem(name: string, others: Fields): FieldProblem | undefined {
  const field = metadataField(name);
  const plain = field.slice(METADATA_PREFIX.length);
  if (!/^[!#$%&'*+\-.^_`|~0-9a-z]+$/.test(plain)) return 'name';
  return Object.hasOwn(others, field) ? 'duplicate' : undefined;
}

/** What is wrong with the value of a field among all fields. */
export function valueProblem(
  name: string,
  value: string,
  others: Fields,
): FieldProblem | undefined {
  if (/[\u0000-\u001f\u007f]/.test(value)) return 'control';
  if (value !== value.trim()) return 'blanks';
  if (name.startsWith(METADATA_PREFIX)) {
    return metadataBytes({ ...others, [name]: value }) > MAX_METADATA_BYTES ? 'tooLong' : undefined;
  }
  if (value === '') return 'empty';
  if (!/^[\x20-\x7e]*$/.test(value)) return 'notAscii';
  return name === 'Expires' && Number.isNaN(Date.parse(value)) ? 'notDate' : undefined;
}

/** What user metadata comes to, as it is sent. */
export function metadataBytes(fields: Fields): number {
  return Object.entries(fields)
    .filter(([name]) => name.startsWith(METADATA_PREFIX))
    .reduce(
      (sum, [name, value]) =>
        sum + name.length - METADATA_PREFIX.length + Buffer.byteLength(encodeWords(value)),
      0,
    );
}
