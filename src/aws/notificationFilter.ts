/**
 * How a prefix or suffix is written in a notification's filter: as events tell keys. A space is `+`;
 * letters, digits and `/ - _ . *` stay; all else is percent-encoded (Amazon S3 user guide,
 * "Configuring event notifications using object key name filtering").
 */
export function encodeFilterValue(text: string): string {
  return encodeURIComponent(text.toWellFormed())
    .replace(/%20/g, '+')
    .replace(/%2F/g, '/')
    .replace(/[!'()~]/g, character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** The text of keys a filter's value stands for; one that is not well encoded stands for itself. */
export function decodeFilterValue(value: string): string {
  try {
    return decodeURIComponent(value.replaceAll('+', ' '));
  } catch {
    return value;
  }
}
