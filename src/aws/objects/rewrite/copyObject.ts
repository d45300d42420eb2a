import { CopyObjectCommand } from '@aws-sdk/client-s3';
import { call, recoverFrom, type CallOptions } from '../../call.ts';
import { BrigadeError } from '../../errors.ts';
import { formatS3Uri } from '../../s3Uri.ts';
import { unquoted } from '../listing.ts';
import { compareCopy, hasSameBytes } from './compareCopy.ts';
import { isPreconditionFailed, retryConflicts, toConditionError } from './conditions.ts';
import { copyInParts } from './copyInParts.ts';
import { conditionOf, type CopyInput, type CopyOptions, type CopyRoute } from './copyRoute.ts';
import { copySource } from './copySource.ts';
import { deleteUnchanged } from './deleteUnchanged.ts';
import { isOutcomeUnknown } from './findWrittenBody.ts';
import type { Grants, KeptSettings } from './kept.ts';
import {
  readObjectState,
  readPlainState,
  refuseArchived,
  type ObjectState,
} from './objectState.ts';
import { sendVerbatim } from './verbatimHeaders.ts';

export interface CopiedObject extends MadeCopy {
  /** Of the object copied, without quotes. */
  readonly sourceETag: string;
  /** The source as it was read before. */
  readonly sourceState: ObjectState;
  /** The source's bucket keeps versions. */
  readonly isVersioned: boolean;
  /** Object Lock keeps the source, and can't keep the copy: its bucket has none. */
  readonly isUnlocked: boolean;
}

interface MadeCopy {
  /** Of the copy, without quotes. */
  readonly eTag: string;
  /** False where the copy was there already, from an earlier try. */
  readonly isNew: boolean;
  /** It was there before anything was sent: then it is certain that this try did not make it. */
  readonly wasThere: boolean;
}

/** What CopyObject copies at once, in bytes; more goes in parts (Amazon S3 API reference). */
const MAX_COPY_BYTES = 5 * 1024 ** 3;

/**
 * Copies an object with all that belongs to it, and looks at the copy before it says that it is done.
 * CopyObject by itself sets back the storage class, encryption, redirect, lock and access list.
 *
 * @throws BrigadeError `Conflict` with the reason `Changed` when the object was written meanwhile,
 *   `Exists` when another is at the destination; `InvalidInput` with the reason `NotKept` when the
 *   service dropped something, after the copy is deleted again; as readObjectState else
 */
export async function copyObject(
  route: CopyRoute,
  input: CopyInput,
  options: CopyOptions = {},
): Promise<CopiedObject> {
  const from = formatS3Uri({ bucket: route.source.bucket, key: input.from });
  const [read, there] = await Promise.all([
    readObjectState(route.source, input.from, options, input.fromVersion),
    input.over === undefined ? readThere(route, input, options) : undefined,
  ]);
  refuseArchived(read, from);
  const state = await stateAt(route, read, options);
  // Not every service minds the condition below.
  const made = there
    ? wasThere(route, input, state, there, options)
    : await make(route, input, state, options);
  const isVersioned = read.versionId !== undefined && read.versionId !== 'null';
  const isUnlocked = isLocked(read.settings) && !isLocked(state.settings);
  return { ...made, sourceState: read, sourceETag: read.eTag, isVersioned, isUnlocked };
}

async function make(
  route: CopyRoute,
  input: CopyInput,
  state: ObjectState,
  options: CopyOptions,
): Promise<MadeCopy> {
  const { maxCopyBytes = MAX_COPY_BYTES } = options;
  const send = state.size > maxCopyBytes ? copyInParts : copyWhole;
  try {
    const eTag = await retryConflicts(options, () => send(route, input, state, options));
    await verify(route, input, state, eTag, options);
    return { eTag, isNew: true, wasThere: false };
  } catch (error) {
    return await explainCopy(route, input, state, error, options);
  }
}

/** @throws BrigadeError `Conflict` where it is no copy */
function wasThere(
  route: CopyRoute,
  input: CopyInput,
  state: ObjectState,
  there: ObjectState,
  options: CopyOptions,
): MadeCopy {
  const isOurs = isOwnWork(route, input, state, there, options);
  const earlier = earlierCopy(state, there, isOurs);
  return earlier ? { ...earlier, wasThere: !isOurs } : refuseOther(route, input);
}

/** What is at the destination; undefined where nothing is, or who may not list it is not told. */
async function readThere(
  { target }: CopyRoute,
  { to }: CopyInput,
  options: CallOptions,
): Promise<ObjectState | undefined> {
  return await recoverFrom(['NotFound', 'AccessDenied'], undefined, () =>
    readPlainState(target, to, options),
  );
}

/** Whether a copy in parts was made by us, of which it is not known that it was completed. */
function isOwnWork(
  { target: { bucket } }: CopyRoute,
  { to: key }: CopyInput,
  { eTag: of }: ObjectState,
  { eTag }: ObjectState,
  { journal }: CopyOptions,
): boolean {
  return journal?.isOurs?.({ bucket, key, copy: { eTag, of } }) ?? false;
}

/**
 * A copy that is there already, from an earlier try.
 *
 * @param isOurs it is known to have been made of the object's parts, whose digests tell nothing
 */
function earlierCopy(
  state: ObjectState,
  there: ObjectState,
  isOurs: boolean,
): MadeCopy | undefined {
  const hasBytes = isOurs || hasSameBytes(state, there);
  const isSame = hasBytes && compareCopy(state, there).length === 0;
  return isSame ? { eTag: there.eTag, isNew: false, wasThere: false } : undefined;
}

/** @throws BrigadeError `Conflict` */
function refuseOther({ target }: CopyRoute, { to, over }: CopyInput, cause?: unknown): never {
  throw new BrigadeError('Conflict', 'There is another object', {
    ...{ subject: formatS3Uri({ bucket: target.bucket, key: to }), cause },
    reason: over === undefined ? 'Exists' : 'Changed',
  });
}

/** The state without what another bucket can't take: access lists, locks, another Region's key. */
async function stateAt(
  route: CopyRoute,
  read: ObjectState,
  options: CallOptions,
): Promise<ObjectState> {
  if (route.source.bucket === route.target.bucket) return read;
  const [grants, key, lock] = await Promise.all([
    grantsAt(route, read.grants, options),
    keyAt(route, read.settings),
    lockAt(route, read.settings, options),
  ]);
  return { ...read, grants, settings: { ...read.settings, ...key, ...lock } };
}

/** A bucket without access lists takes none, and its policy says who may read what is in it. */
async function grantsAt({ target }: CopyRoute, grants: Grants, options: CallOptions) {
  if (Object.keys(grants).length === 0) return grants;
  return (await target.haveAcls(options)) === 'no' ? {} : grants;
}

/**
 * A KMS key encrypts in its own Region only; without one, KMS takes the target's `aws/s3` (Amazon S3
 * user guide, "Using server-side encryption with AWS KMS keys").
 */
async function keyAt(
  { source, target }: CopyRoute,
  { SSEKMSKeyId }: KeptSettings,
): Promise<KeptSettings> {
  if (SSEKMSKeyId === undefined) return {};
  const [from, to] = [await source.client.config.region(), await target.client.config.region()];
  return { SSEKMSKeyId: from === to ? SSEKMSKeyId : undefined };
}

/** A lock is refused by a bucket without Object Lock. */
async function lockAt(
  { target }: CopyRoute,
  { ObjectLockMode, ObjectLockLegalHoldStatus }: KeptSettings,
  options: CallOptions,
): Promise<KeptSettings> {
  if (!isLocked({ ObjectLockMode, ObjectLockLegalHoldStatus })) return {};
  if ((await target.haveLocks(options)) !== 'no') return {};
  return {
    ObjectLockLegalHoldStatus: undefined,
    ObjectLockMode: undefined,
    ObjectLockRetainUntilDate: undefined,
  };
}

function isLocked({ ObjectLockMode, ObjectLockLegalHoldStatus }: KeptSettings): boolean {
  return (ObjectLockMode ?? ObjectLockLegalHoldStatus) !== undefined;
}

async function copyWhole(
  { source, target }: CopyRoute,
  { from, fromVersion, to, over }: CopyInput,
  { settings, grants, checksum, eTag }: ObjectState,
  options: CallOptions,
): Promise<string> {
  // Headers and metadata are copied by S3 itself, those it does not tell included.
  const command = new CopyObjectCommand({
    Bucket: target.bucket,
    Key: to,
    CopySource: copySource(source.bucket, from, fromVersion),
    CopySourceIfMatch: `"${eTag}"`,
    ...settings,
    ...grants,
    ChecksumAlgorithm: checksum?.algorithm,
    ...conditionOf(over),
  });
  sendVerbatim(command, undefined);
  return call(formatS3Uri({ bucket: target.bucket, key: to }), options, async () => {
    const output = await target.client.send(command, { abortSignal: options.signal });
    return unquoted(output.CopyObjectResult?.ETag) ?? '';
  });
}

async function verify(
  { target }: CopyRoute,
  { to, over }: CopyInput,
  state: ObjectState,
  eTag: string,
  options: CopyOptions,
): Promise<void> {
  const subject = formatS3Uri({ bucket: target.bucket, key: to });
  const unread = options.mayBeUnread ? (['AccessDenied'] as const) : [];
  const copy = await recoverFrom(unread, undefined, () => readPlainState(target, to, options));
  if (!copy) return;
  if (copy.eTag !== eTag) {
    throw new BrigadeError('Conflict', 'It has changed', { subject, reason: 'Changed' });
  }
  const lost = compareCopy(state, copy);
  if (lost.length === 0) return;
  if (over === undefined) {
    await deleteUnchanged(
      target.client,
      { bucket: target.bucket, objects: [{ key: to, eTag }] },
      options,
    );
  }
  throw new BrigadeError('InvalidInput', lost.join(', '), { subject, reason: 'NotKept' });
}

/**
 * Says which of the two conditions did not hold, and whether the copy is there after all: the answer
 * may have been lost, or an earlier try was broken off.
 */
async function explainCopy(
  route: CopyRoute,
  input: CopyInput,
  state: ObjectState,
  error: unknown,
  options: CopyOptions,
): Promise<MadeCopy> {
  const { from, fromVersion, to, over } = input;
  const { source, target } = route;
  const subject = formatS3Uri({ bucket: target.bucket, key: to });
  if (!isOutcomeUnknown(error)) throw toConditionError(error, subject);
  const now = await readPlainState(source, from, options, fromVersion);
  if (now.eTag !== state.eTag) {
    const changed = { subject: formatS3Uri({ bucket: source.bucket, key: from }), cause: error };
    throw new BrigadeError('Conflict', 'It has changed', { ...changed, reason: 'Changed' });
  }
  const there = await readThere(route, input, options).catch(() => undefined);
  const earlier =
    there && there.eTag !== over
      ? earlierCopy(state, there, isOwnWork(route, input, state, there, options))
      : undefined;
  if (earlier) return earlier;
  if (!isPreconditionFailed(error)) throw error;
  return refuseOther(route, input, error);
}
