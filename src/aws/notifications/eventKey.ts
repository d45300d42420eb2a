/**
 * A key, or a prefix or suffix of keys, as S3 writes it in events and in the filters of
 * notifications. A space is `+`; letters, digits and `/ - _ . *` stay; all else is percent-encoded
 * (Amazon S3 user guide, "Configuring event notifications using object key name filtering").
 */
export function encodeEventKey(text: string): string {
  return encodeURIComponent(text.toWellFormed())
    .replace(/%20/g, '+')
    .replace(/%2F/g, '/')
    .replace(/[!'()~]/g, character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** The text of keys that it stands for; what is not well encoded stands for itself. */
export function decodeEventKey(value: string): string {
  try {
    return decodeURIComponent(value.replaceAll('+', ' '));
  } catch {
    return value;
  }
}
