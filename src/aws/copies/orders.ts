import { lastSegment } from '../keySegments.ts';
import type { CopyOrder } from './copies.ts';
import { copyName } from './copyName.ts';

/** A bucket, prefix or object that is to be copied. */
export interface CopySource {
  readonly bucket: string;
  /** Empty for a whole bucket. */
  readonly key: string;
  readonly isPrefix: boolean;
}

/** A bucket or prefix: empty, or ending in `/`. */
export interface CopyTarget {
  readonly bucket: string;
  readonly prefix: string;
}

export interface Orders {
  readonly orders: readonly CopyOrder[];
  /** Prefixes that would be copied into themselves. */
  readonly intoThemselves: readonly CopySource[];
  /** Sources that are there already: only a copy of another name can be made of them. */
  readonly inPlace: readonly CopySource[];
}

/**
 * Where each source goes when all are put below a prefix: under its own name, a bucket below the
 * bucket's. What lies within another source comes with it. Two of one name do not meet.
 */
export function ordersFor(sources: readonly CopySource[], { bucket, prefix }: CopyTarget): Orders {
  const orders: CopyOrder[] = [];
  const intoThemselves: CopySource[] = [];
  const inPlace: CopySource[] = [];
  const taken = new Set<string>();
  for (const source of withoutInner(sources)) {
    const to = prefix + itemName(source);
    if (source.bucket === bucket && source.key === to) inPlace.push(source);
    else if (isCopyIntoItself({ ...source, to }, bucket)) intoThemselves.push(source);
    else {
      const free = freeName(to, name => taken.has(name));
      taken.add(free);
      orders.push({ ...source, to: free });
    }
  }
  return { orders, intoThemselves, inPlace };
}

/** The name itself or, where it is taken, the first free name of a copy (`a copy.txt`). */
export function freeName(name: string, isTaken: (name: string) => boolean): string {
  let free = name;
  for (let number = 1; isTaken(free); number++) free = copyName(name, number);
  return free;
}

/** Whether a copy to a bucket would end up inside the prefix that it copies. */
export function isCopyIntoItself(order: CopyOrder, bucket: string): boolean {
  return order.isPrefix && order.bucket === bucket && order.to.startsWith(order.key);
}

/** The sources that are not within another one, each once. */
function withoutInner(sources: readonly CopySource[]): CopySource[] {
  const prefixes = sources.filter(({ isPrefix }) => isPrefix);
  const isInner = (source: CopySource): boolean =>
    prefixes.some(
      one =>
        one.bucket === source.bucket &&
        source.key.startsWith(one.key) &&
        (one.key !== source.key || !source.isPrefix),
    );
  const seen = new Set<string>();
  return sources.filter(source => {
    const name = JSON.stringify([source.bucket, source.key, source.isPrefix]);
    if (seen.has(name) || isInner(source)) return false;
    seen.add(name);
    return true;
  });
}

function itemName({ bucket, key }: CopySource): string {
  return key === '' ? `${bucket}/` : lastSegment(key);
}
