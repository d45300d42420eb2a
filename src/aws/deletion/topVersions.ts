import type { S3Client } from '@aws-sdk/client-s3';
import type { Pace } from '../pace.ts';
import type { CallOptions } from '../call.ts';
import { newestFirst } from '../objects/versions/newestFirst.ts';
import { MAX_KEY_BYTES } from '../s3Uri.ts';
import { compareKeys } from '../selection/keyOrder.ts';
import type { KeyRange } from '../selection/keyRange.ts';
import { listPage } from '../selection/listPage.ts';
import type { ObjectRef } from '../selection/selection.ts';

/** Behind every other character. */
const LAST = '\u{10ffff}';

/** What is on top of a key's versions. */
export interface TopVersions {
  /** The delete markers that hide it, the newest first. */
  readonly markers: readonly ObjectRef[];
  /** The newest version that is an object; undefined where there is none. */
  readonly object: ObjectRef | undefined;
}

export interface TopVersionsOptions extends CallOptions {
  readonly pace: Pace;
}

/**
 * Looks at the newest versions of some keys. Neighbours are read by the page, and of a key of many
 * versions no more than it takes.
 *
 * @returns by key; keys without any version are not in it
 * @throws BrigadeError `AccessDenied` (s3:ListBucketVersions) …
 */
export async function topVersions(
  client: S3Client,
  { bucket, keys }: { readonly bucket: string; readonly keys: readonly string[] },
  { pace, signal }: TopVersionsOptions,
): Promise<Map<string, TopVersions>> {
  const wanted = [...new Set(keys)].sort(compareKeys);
  const asked = new Set(wanted);
  const found = new Map<string, { markers: ObjectRef[]; object: ObjectRef | undefined }>();
  let next = 0;
  let range: KeyRange | undefined;
  while (next < wanted.length) {
    const key = wanted[next] ?? '';
    range ??= { prefix: '', after: placeBefore(key) };
    const input = { bucket, range, versions: 'everything' as const };
    const page = await pace.run(() => listPage(client, input, { signal }), { signal });
    const wantedRefs = page.refs.filter(ref => asked.has(ref.key));
    for (const { ref } of newestFirst(wantedRefs.map(entryOf))) note(found, ref);
    const reached = page.rest?.after;
    if (reached === undefined) break;
    // All before the page's last key are known, and that one too once an object was met.
    while (next < wanted.length && compareKeys(wanted[next] ?? '', reached) < 0) next++;
    if (wanted[next] === reached && found.get(reached)?.object) next++;
    range = rangeFrom(page.rest, wanted[next]);
  }
  return found;
}

function entryOf(ref: ObjectRef) {
  const { key, latest: isLatest = false, lastModified } = ref;
  return { key, isLatest, ref, ...(lastModified && { lastModified: new Date(lastModified) }) };
}

function note(
  found: Map<string, { markers: ObjectRef[]; object: ObjectRef | undefined }>,
  ref: ObjectRef,
): void {
  let top = found.get(ref.key);
  if (!top) {
    top = { markers: [], object: undefined };
    found.set(ref.key, top);
  }
  if (top.object) return;
  if (ref.deleteMarker) top.markers.push(ref);
  else top.object = ref;
}

/** Where to continue: where the page ended, or at once before the next key that is wanted. */
function rangeFrom(rest: KeyRange | undefined, key: string | undefined): KeyRange | undefined {
  if (rest === undefined || key === undefined || key === rest.after) return rest;
  const place = placeBefore(key);
  if (place !== undefined && compareKeys(place, rest.after ?? '') > 0)
    return { ...rest, after: place, afterVersion: undefined };
  // What is left of its versions is not wanted.
  return { ...rest, afterVersion: undefined };
}

/** A place shortly before a key, behind which S3 can be asked; undefined before all keys. */
function placeBefore(key: string): string | undefined {
  const points = Array.from(key);
  const last = points.pop()?.codePointAt(0) ?? 0;
  const head = points.join('');
  if (last <= 0x20) return head === '' ? undefined : head;
  // Not between the halves of a pair, which is no character.
  const before = last === 0xe000 ? 0xd7ff : last - 1;
  const place = head + String.fromCodePoint(before);
  return Buffer.byteLength(place + LAST) > MAX_KEY_BYTES ? place : place + LAST;
}
