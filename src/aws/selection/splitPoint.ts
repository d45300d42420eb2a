import { compareKeys } from './keyOrder.ts';
import type { KeyRange } from './keyRange.ts';

/** Behind every other character. */
const LAST = '\u{10ffff}';
/** Behind the characters that most keys are made of. */
const TILDE = 0x7e;

/** Of a key in UTF-8 (Amazon S3 user guide, "Naming Amazon S3 objects"). */
const MAX_KEY_BYTES = 1024;

/** The first key of a range behind another key, or undefined: one request for one key. */
export type Probe = (after: string) => Promise<string | undefined>;

/**
 * Finds a place that parts what is left of a range into two parts with keys in both, about in the middle
 * of the characters that follow. Nothing is known of how keys are distributed: where the rest branches
 * is found by asking for the first key behind some twelve places.
 *
 * @param range a range that was listed as far as its `after`
 * @returns undefined where all that is left begins like `after`
 */
export async function splitPoint(range: KeyRange, probe: Probe): Promise<string | undefined> {
  const { prefix, after = '' } = range;
  const inside: Probe = async at => {
    // No key is longer, and so no place behind which S3 can be asked.
    if (Buffer.byteLength(at) > MAX_KEY_BYTES) return undefined;
    const key = await probe(at);
    return key === undefined || isOutside(range, key) ? undefined : key;
  };
  const branch = await branchOf(prefix, after, inside);
  if (branch === undefined) return undefined;
  return (await middleOf(range, after, branch, inside)) ?? placeBehind(after, branch);
}

/** The leftmost character of `after`, by its index, behind which there are keys that differ in it. */
async function branchOf(prefix: string, after: string, inside: Probe): Promise<number | undefined> {
  let [low, high] = [prefix.length, after.length];
  while (low < high) {
    const index = (low + high) >>> 1;
    if ((await inside(placeBehind(after, index))) === undefined) low = index + 1;
    else high = index;
  }
  return low < after.length ? low : undefined;
}

/** A place in the middle of the characters that may follow at the branch, with keys behind it. */
async function middleOf(
  { until }: KeyRange,
  after: string,
  branch: number,
  inside: Probe,
): Promise<string | undefined> {
  const head = after.slice(0, branch);
  let low = after.charCodeAt(branch);
  let high = until?.startsWith(head) ? until.charCodeAt(branch) : TILDE;
  if (Number.isNaN(high) || high >= 0xd800) high = TILDE;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    const place = head + String.fromCharCode(middle) + LAST;
    if (compareKeys(place, after) <= 0) low = middle;
    else if ((await inside(place)) === undefined) high = middle;
    else return place;
  }
  return undefined;
}

/** Behind all keys that are like this one up to the character of an index. */
function placeBehind(key: string, index: number): string {
  const end = index + 1;
  // Not between the halves of a pair, which is no character.
  const split = key.slice(index, end + 1).isWellFormed() && !key.slice(index, end).isWellFormed();
  return key.slice(0, split ? end + 1 : end) + LAST;
}

function isOutside({ prefix, until }: KeyRange, key: string): boolean {
  return !key.startsWith(prefix) || (until !== undefined && compareKeys(key, until) > 0);
}
