import { BrigadeError } from '../errors.ts';

/**
 * An object's key as a manifest's cell: every byte but unreserved characters and `/` percent-encoded,
 * so that a cell never needs CSV quotes. AWS wants keys of a manifest URL-encoded (Amazon S3 user
 * guide, "Specifying a manifest"). Nothing here loads the AWS SDK.
 *
 * @throws BrigadeError `InvalidInput` for half a surrogate pair, which no S3 key can hold.
 */
export function encodeManifestKey(key: string): string {
  // Most keys are as they are; for a million of them it matters.
  if (/^[\w.~!'()*/-]*$/.test(key)) return key;
  if (!key.isWellFormed()) {
    throw new BrigadeError('InvalidInput', 'The key is not well-formed Unicode', {
      problem: { kind: 'keyUnicode' },
    });
  }
  return key.split('/').map(encodeURIComponent).join('/');
}

/**
 * The key a manifest's or report's cell stands for, as S3 decodes it: `+` is a space (a plus is
 * `%2B`), then percent sequences. Undefined when the cell is not valid URL encoding.
 */
export function decodeManifestKey(cell: string): string | undefined {
  try {
    return decodeURIComponent(cell.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

/** Whether a cell holds what URL encoding never leaves: blanks, controls, quotes, non-ASCII. */
export function hasUnencodedCharacters(cell: string): boolean {
  return /[^\x21\x23-\x5b\x5d\x5f\x61-\x7a\x7e]/.test(cell);
}
