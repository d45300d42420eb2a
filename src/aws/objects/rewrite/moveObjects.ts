import pLimit from 'p-limit';
import type { AwsClients } from '../../clients.ts';
import { BrigadeError, isCancelled, type ErrorCode } from '../../errors.ts';
import { toBrigadeError } from '../../toBrigadeError.ts';
import { formatS3Uri } from '../../s3Uri.ts';
import { copyObject, type CopiedObject } from './copyObject.ts';
import { openRoute, type CopyOptions, type CopyRoute } from './copyRoute.ts';
import { deleteUnchanged } from './deleteUnchanged.ts';
import { readPlainState } from './objectState.ts';
import { listPlace, type ListedObject, type Place } from './place.ts';

/** What to copy or move: from one object to another, or from one prefix to another. */
export interface MoveRequest {
  readonly from: Place;
  readonly to: Place;
  /** For an object: the ETag of what is overwritten, without quotes, or `anything`. */
  readonly over?: string;
}

export interface UnmovedObject {
  readonly key: string;
  readonly error: BrigadeError;
}

export interface MoveOutcome {
  /** Keys of the source that are at the destination now. */
  readonly done: readonly string[];
  /** Objects that are still only at the source, and why. */
  readonly stayed: readonly UnmovedObject[];
  /** Keys of the destination with copies that were made and not deleted again. */
  readonly leftCopies: readonly string[];
  /** The source's bucket keeps versions, which stay where they are. */
  readonly hasVersions: boolean;
}

const COPIES_AT_A_TIME = 8;
/** How often the source is listed: objects that others write meanwhile are copied again. */
const ROUNDS = 7;

/** Copies objects; each that can't be copied is in the result. @throws BrigadeError */
export async function copyObjects(
  clients: AwsClients,
  journey: MoveRequest,
  options: CopyOptions = {},
): Promise<MoveOutcome> {
  const route = await openRoute(clients, journey.from.bucket, journey.to.bucket, options);
  const objects = await listPlace(route.source.client, journey.from, options);
  const copies: Copies = new Map();
  const stayed = await copyAll(route, journey, objects, copies, { ...options, mayBeUnread: true });
  return { done: [...copies.keys()], stayed, leftCopies: [], hasVersions: false };
}

/**
 * Moves objects: S3 has no such thing, so each is copied, looked at, and deleted only as what was
 * copied. Where one can't be copied, all stay where they were. One that another client writes
 * meanwhile is copied again, and stays if that continues. Run again after it was broken off, it
 * finishes.
 *
 * Older versions of the objects stay at their old keys: S3 has no way to move them.
 *
 * @throws BrigadeError `NotFound` where there is nothing to move; `UndoIncomplete` where it is not
 *   known what was deleted, and the copies stay; others when nothing was moved and no single object
 *   is the reason
 */
export async function moveObjects(
  clients: AwsClients,
  journey: MoveRequest,
  options: CopyOptions = {},
): Promise<MoveOutcome> {
  const route = await openRoute(clients, journey.from.bucket, journey.to.bucket, options);
  const outcome = { done: [] as string[], hasVersions: false };
  const known: Copies = new Map();
  for (let round = 1; round <= ROUNDS; round++) {
    const objects = await listPlace(route.source.client, journey.from, options);
    if (objects.length === 0) {
      if (round === 1) throw nothingAt(journey.from);
      break;
    }
    const changed = objects.filter(object => !isSame(known.get(object.key)?.source, object));
    const isLast = round === ROUNDS;
    const stayed =
      changed.length === 0
        ? await deleteSources(route, journey, known, options, outcome)
        : isLast
          ? changed.map(({ key }) => writtenAllTheTime(journey.from, key))
          : await copyAll(route, journey, changed, known, options);
    const named = stayed.filter(({ error }) => isLast || !isWritten(error));
    if (named.length === 0) continue;
    const leftCopies = await rollBack(route, journey, known);
    return { ...outcome, stayed: named, leftCopies };
  }
  return { ...outcome, stayed: [], leftCopies: [] };
}

/** Same bytes written at another time may have other tags or metadata. */
function isSame(one: ListedObject | undefined, other: ListedObject): boolean {
  return one?.eTag === other.eTag && one.modified === other.modified;
}

/**
 * Deletes what is copied, once a listing shows that it still is what was copied: not every service
 * minds the ETags of a deletion. Copies whose sources are still there remain in `known`.
 */
async function deleteSources(
  { source: { client, bucket } }: CopyRoute,
  journey: MoveRequest,
  known: Copies,
  options: CopyOptions,
  outcome: { readonly done: string[]; hasVersions: boolean },
): Promise<readonly UnmovedObject[]> {
  outcome.hasVersions ||= [...known.values()].some(copy => copy.isVersioned);
  const objects = [...known].map(([key, copy]) => ({ key, eTag: copy.sourceETag }));
  const { deleted, failed } = await deleteUnchanged(client, { bucket, objects }, options).catch(
    (error: unknown) => refusedAll(journey, objects, error),
  );
  for (const key of deleted) known.delete(key);
  outcome.done.push(...deleted);
  const doubtful = failed.find(({ error }) => !REFUSALS.includes(error.code));
  if (doubtful) throw withoutAnswer(journey, doubtful.error);
  return failed;
}

/** S3 has deleted nothing where it answers so; after anything else it may have. */
const REFUSALS: readonly ErrorCode[] = ['AccessDenied', 'InvalidInput', 'Conflict'];

/**
 * @throws BrigadeError `UndoIncomplete` where some may be deleted without an answer: their copies are
 *   then the only ones, and moving again finishes
 */
function refusedAll(
  journey: MoveRequest,
  objects: readonly { readonly key: string }[],
  failure: unknown,
): { readonly deleted: readonly string[]; readonly failed: readonly UnmovedObject[] } {
  const error = toBrigadeError(failure, formatS3Uri(journey.from));
  if (error.code === 'AccessDenied' || error.code === 'InvalidInput') {
    return { deleted: [], failed: objects.map(({ key }) => ({ key, error })) };
  }
  throw withoutAnswer(journey, error);
}

function withoutAnswer({ from, to }: MoveRequest, error: BrigadeError): BrigadeError {
  const left = [formatS3Uri(to)];
  return new BrigadeError('UndoIncomplete', error.message, {
    ...{ subject: formatS3Uri(from), left, cause: error },
  });
}

/** Whether an object was not moved only because another client wrote or deleted it meanwhile. */
function isWritten({ reason, code }: BrigadeError): boolean {
  return reason === 'Changed' || code === 'NotFound';
}

function writtenAllTheTime({ bucket }: Place, key: string): UnmovedObject {
  const subject = formatS3Uri({ bucket, key });
  const error = new BrigadeError('Conflict', 'It is being written', { subject, reason: 'Changed' });
  return { key, error };
}

function nothingAt(place: Place): BrigadeError {
  return new BrigadeError('NotFound', 'There is no such object', { subject: formatS3Uri(place) });
}

interface KnownCopy extends CopiedObject {
  readonly key: string;
  /** As it was listed before it was copied. */
  readonly source: ListedObject;
}

type Copies = Map<string, KnownCopy>;

/** Copies objects, some at a time, into `known`. @returns what could not be copied */
async function copyAll(
  route: CopyRoute,
  { from, to, over }: MoveRequest,
  objects: readonly ListedObject[],
  known: Copies,
  options: CopyOptions,
): Promise<readonly UnmovedObject[]> {
  const failed: UnmovedObject[] = [];
  await pLimit(COPIES_AT_A_TIME).map(objects, async source => {
    const { key } = source;
    const target = to.key + key.slice(from.key.length);
    const before = known.get(key);
    try {
      options.signal?.throwIfAborted();
      const input = { from: key, to: target, over: before?.eTag ?? over };
      const copied = await copyObject(route, input, options);
      const isNew = before?.isNew ?? copied.isNew;
      known.set(key, { ...copied, isNew, key: target, source });
    } catch (error) {
      const subject = formatS3Uri({ bucket: from.bucket, key });
      failed.push({ key, error: toBrigadeError(error, subject) });
    }
  });
  return failed;
}

/**
 * Deletes copies that were made, as they were made; not what was there before, and none whose source
 * is no longer what was copied: it may be the only one.
 *
 * @returns the keys of those that are still there
 */
async function rollBack(
  { source, target }: CopyRoute,
  { over }: MoveRequest,
  known: Copies,
): Promise<string[]> {
  const copies = [...known].map(([from, copy]) => ({ ...copy, from }));
  // What was overwritten can't come back.
  if (over !== undefined) return copies.map(({ key }) => key);
  const made = copies.filter(copy => copy.isNew);
  const needless = await pLimit(COPIES_AT_A_TIME).map(made, each => isStillThere(source, each));
  const objects = made.filter((_, index) => needless[index]);
  const left = made.filter(copy => !objects.includes(copy)).map(({ key }) => key);
  if (objects.length === 0) return left;
  try {
    const { failed } = await deleteUnchanged(target.client, { bucket: target.bucket, objects });
    return [...left, ...failed.map(({ key }) => key)];
  } catch (error) {
    if (isCancelled(error)) throw error;
    return made.map(({ key }) => key);
  }
}

/** Whether a source is still what was copied; false where that can't be known. */
async function isStillThere(
  source: CopyRoute['source'],
  { from, sourceETag }: { readonly from: string; readonly sourceETag: string },
): Promise<boolean> {
  const now = await readPlainState(source, from).catch(() => undefined);
  return now?.eTag === sourceETag;
}
