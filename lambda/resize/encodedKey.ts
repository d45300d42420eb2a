import { permanent } from './fault.ts';

/**
 * The key of an event or a batch task, in which a space is `+` and what is not ASCII is percent-encoded.
 *
 * @throws Fault permanent `InvalidKey`.
 */
export function decodeKey(encoded: string): string {
  try {
    return decodeURIComponent(encoded.replaceAll('+', ' '));
  } catch {
    throw permanent('InvalidKey', `The key ${JSON.stringify(encoded)} is not URL-encoded`);
  }
}

/** The key for a message, also when it cannot be decoded. */
export function readableKey(encoded: string): string {
  try {
    return decodeKey(encoded);
  } catch {
    return encoded;
  }
}
