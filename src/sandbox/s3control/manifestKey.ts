const MAX_KEY_BYTES = 1024;

/**
 * Decodes a key as S3 Batch Operations reads it from a manifest: percent-encoded UTF-8 with `+` for a
 * space. Answers undefined for what can't be the key of an object. The user guide wants keys encoded
 * and does not say what comes of others: blanks, controls and non-ASCII characters are refused here.
 */
export function decodeManifestKey(text: string): string | undefined {
  if (/[^\x21-\x7e]/.test(text)) return undefined;
  const key = decode(text);
  if (key === undefined || key === '' || Buffer.byteLength(key) > MAX_KEY_BYTES) return undefined;
  return key;
}

/** A key as it stands in a manifest: percent-encoded, but for its slashes. */
export function encodeManifestKey(key: string): string {
  return encodeURIComponent(key).replaceAll('%2F', '/');
}

function decode(text: string): string | undefined {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text;
  if (!spaced.includes('%')) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    return undefined;
  }
}
