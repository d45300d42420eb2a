/** The last segment of a key, or of a prefix with its `/`; of what has nothing else it is `/`. */
export function lastSegment(key: string): string {
  return key.slice(parentOf(key).length);
}

/** The prefix that an object or prefix is in: empty, or ending in `/`. */
export function parentOf(key: string): string {
  const path = key.endsWith('/') ? key.slice(0, -1) : key;
  return key.slice(0, path.lastIndexOf('/') + 1);
}
