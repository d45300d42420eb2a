/** A token that tells how to continue, in a form that no caller takes for more than a token. */
export function encodeToken(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** What `encodeToken` was given; undefined for a token that is not ours. */
export function decodeToken(token: string): unknown {
  try {
    const value: unknown = JSON.parse(Buffer.from(token, 'base64url').toString());
    // Node reads what is no base64, too.
    return encodeToken(value) === token ? value : undefined;
  } catch {
    return undefined;
  }
}
