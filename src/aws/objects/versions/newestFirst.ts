interface Entry {
  readonly key: string;
  /** It is on top of its key. */
  readonly isLatest: boolean;
  readonly lastModified?: Date;
}

/**
 * A page of versions and delete markers with the newest of each key first. S3 has them so; some services
 * that speak its language list all versions and then all markers, which shows where the latest of a key
 * is not its first. There only dates tell the order.
 */
export function newestFirst<T extends Entry>(entries: readonly T[]): readonly T[] {
  const keys = new Map<string, T[]>();
  let isSorted = true;
  for (const entry of entries) {
    const ofKey = keys.get(entry.key);
    if (ofKey) ofKey.push(entry);
    else keys.set(entry.key, [entry]);
    if (ofKey && entry.isLatest) isSorted = false;
  }
  if (isSorted) return entries;
  return [...keys.values()].flatMap(ofKey => ofKey.sort(byAge));
}

function byAge(one: Entry, other: Entry): number {
  if (one.isLatest !== other.isLatest) return one.isLatest ? -1 : 1;
  return (other.lastModified?.getTime() ?? 0) - (one.lastModified?.getTime() ?? 0);
}
