/**
 * How a prefix or suffix is written in a notification's filter: a space as `+`, whatever is not one
 * of the guide's safe characters percent-encoded (Amazon S3 user guide, "Configuring event
 * notifications using object key name filtering" and "Object key naming guidelines"). A `/` stays.
 */
export function encodeFilterValue(text: string): string {
  return encodeURIComponent(text.toWellFormed())
    .replace(/%20/g, '+')
    .replace(/%2F/g, '/')
    .replace(/~/g, '%7E');
}

/** The text of keys a filter's value stands for; one that is not well encoded stands for itself. */
export function decodeFilterValue(value: string): string {
  try {
    return decodeURIComponent(value.replaceAll('+', ' '));
  } catch {
    return value;
  }
}

/** Characters that a filter's value may have, encoded. */
export const MAX_FILTER_LENGTH = 1024;
