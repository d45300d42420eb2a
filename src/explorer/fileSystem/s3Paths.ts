/**
 * How a key becomes the path of an `s3:` URI and back. A key is any string, a path is not: VS Code
 * joins, normalizes and splits paths, so an empty segment, `.` and `..` would be lost on the way.
 *
 * The key is split at `/`. A segment that is empty, `.`, `..`, or begins with `%` or as a drive does
 * (VS Code writes the letter of `/C:/` small) is written with one `%` more in front; every other
 * segment stands for itself. So `a//b` is `/a/%/b`, the object `a/` is `/a/%`, and `100%` needs
 * nothing. A prefix is the path of the same key without its last `/`.
 * Where an object and a prefix share one path, the path means the object.
 */
const NEEDS_ESCAPE = /^(?:\.{0,2}$|%|[A-Z]:)/;

/** The path of the object with this key. */
export function pathOfKey(key: string): string {
  const segments = key.split('/').map(part => (NEEDS_ESCAPE.test(part) ? `%${part}` : part));
  return `/${segments.join('/')}`;
}

/** The path of the folder that a prefix stands for. The empty prefix is the bucket itself. */
export function pathOfPrefix(prefix: string): string {
  return prefix === '' ? '/' : pathOfKey(prefix.slice(0, -1));
}

/** The key that a path stands for; undefined for the bucket itself. */
export function keyOfPath(path: string): string | undefined {
  const inner = path.startsWith('/') ? path.slice(1) : path;
  if (inner === '') return undefined;
  return inner.split('/').map(segmentOfName).join('/');
}

/** The prefix that the path of a folder stands for, ending in `/`, or empty for the bucket itself. */
export function prefixOfPath(path: string): string {
  const key = keyOfPath(path.endsWith('/') ? path.slice(0, -1) : path);
  return key === undefined ? '' : `${key}/`;
}

/** The name that a child of `prefix` has in a folder listing: one path segment. */
export function nameInFolder(prefix: string, child: string): string {
  const rest = child.slice(prefix.length);
  const name = rest.length > 0 && rest.endsWith('/') ? rest.slice(0, -1) : rest;
  return NEEDS_ESCAPE.test(name) ? `%${name}` : name;
}

/** The part of a key that one segment of a path stands for: what `nameInFolder` made a name of. */
export function segmentOfName(name: string): string {
  return name.startsWith('%') ? name.slice(1) : name;
}

/**
 * How a bucket's name becomes the authority of an `s3:` URI, which VS Code writes in lower case.
 * Names given in us-east-1 before March 2018 may have uppercase letters (Amazon S3 user guide,
 * "General purpose bucket naming rules"): each is written as `~` and its small letter, for no name
 * has a `~`. So `MyBucket` is `~my~bucket`, and every other name stands for itself.
 */
export function authorityOfBucket(bucket: string): string {
  return bucket.replace(/[A-Z]/g, capital => `~${capital.toLowerCase()}`);
}

/** The bucket that an authority stands for. */
export function bucketOfAuthority(authority: string): string {
  return authority.replace(/~([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
