import { CopyObjectCommand, type StorageClass } from '@aws-sdk/client-s3';
import { call, type CallOptions } from '../../call.ts';
import { BrigadeError } from '../../errors.ts';
import { formatS3Uri } from '../../s3Uri.ts';
import { unquoted } from '../listing.ts';
import type { BucketRules } from './bucketRules.ts';
import { compareCopy } from './compareCopy.ts';
import { isPreconditionFailed, retryConflicts, toConditionError } from './conditions.ts';
import { copyInParts } from './copyInParts.ts';
import { conditionOf, type CopyOptions } from './copyRoute.ts';
import { copySource } from './copySource.ts';
import { differingFields, withFields, type FieldChanges } from './fields.ts';
import { isOutcomeUnknown } from './findWrittenBody.ts';
import {
  readObjectState,
  readPlainState,
  refuseArchived,
  refuseHiddenMetadata,
  type ObjectState,
} from './objectState.ts';
import { sendVerbatim } from './verbatimHeaders.ts';

/** What happens to an object besides its bytes; what is not named stays. */
export interface ObjectEdit {
  /** Of headers and user metadata. */
  readonly fields?: FieldChanges;
  readonly storageClass?: StorageClass;
  /** The ETag that it must have, without quotes; that of the moment when absent. */
  readonly over?: string;
}

export interface EditedObject {
  /** False where it was so already, and nothing was written. */
  readonly isChanged: boolean;
  /** Its bucket keeps versions: it has one more now. */
  readonly isVersioned: boolean;
}

/** What CopyObject copies at once, in bytes; more goes in parts (Amazon S3 API reference). */
const MAX_COPY_BYTES = 5 * 1024 ** 3;

/**
 * Changes an object's headers, metadata or storage class, for which S3 has only one way: a copy onto
 * itself. All else that such a copy would set back is read first and sent along, and the copy is held
 * to the ETag that was read. In a bucket with versioning this makes a new version.
 *
 * S3 has no condition for what is beside the bytes: metadata that another client changes between the
 * reading and the write, a moment, is set back.
 *
 * @throws BrigadeError `Conflict` with the reason `Changed` when it has other bytes by now;
 *   `InvalidInput` with the reason `Archived`, `HiddenMetadata`, `CustomerKey`, or `NotTaken` when the
 *   service did not do all of it; `AccessDenied` naming the permission …
 */
export async function editObject(
  rules: BucketRules,
  key: string,
  edit: ObjectEdit,
  options: CopyOptions = {},
): Promise<EditedObject> {
  const subject = formatS3Uri({ bucket: rules.bucket, key });
  const read = await readObjectState(rules, key, options);
  if (edit.over !== undefined && read.eTag !== edit.over) throw changed(subject);
  const wanted = editedState(read, edit);
  const { versionId } = read;
  const isVersioned = versionId !== undefined && versionId !== 'null';
  if (amiss(wanted, read).length === 0) return { isChanged: false, isVersioned };
  refuseArchived(read, subject);
  // S3 copies what it does not tell, but not together with other metadata.
  if (edit.fields) refuseHiddenMetadata(read, subject);
  try {
    await write(rules, key, wanted, edit, options);
  } catch (error) {
    await explain(rules, key, wanted, error, options);
  }
  const lost = amiss(wanted, await readPlainState(rules, key, options));
  if (lost.length === 0) return { isChanged: true, isVersioned };
  throw new BrigadeError('InvalidInput', lost.join(', '), { subject, reason: 'NotTaken' });
}

function editedState(read: ObjectState, { fields = {}, storageClass }: ObjectEdit): ObjectState {
  const state = withFields(read, fields);
  if (storageClass === undefined) return state;
  return { ...state, settings: { ...state.settings, StorageClass: storageClass } };
}

/** What an object has not of what is wanted, by name. */
function amiss(wanted: ObjectState, is: ObjectState): string[] {
  // S3 names every class but this one.
  const { StorageClass = 'STANDARD' } = wanted.settings;
  const isThere = (is.settings.StorageClass ?? 'STANDARD') === StorageClass;
  const settings = { ...wanted.settings, StorageClass: undefined };
  // Headers are compared by fields: there what was removed counts too.
  const compared = { ...wanted, settings, headers: {}, expires: undefined };
  return [
    ...differingFields(wanted, is),
    ...(isThere ? [] : ['storage class']),
    ...compareCopy(compared, { ...is, expires: undefined }),
  ];
}

async function write(
  rules: BucketRules,
  key: string,
  wanted: ObjectState,
  edit: ObjectEdit,
  options: CopyOptions,
): Promise<void> {
  try {
    await send(rules, key, wanted, edit, wanted.eTag, options);
  } catch (error) {
    const subject = formatS3Uri({ bucket: rules.bucket, key });
    const condition = toConditionError(error, subject);
    if (condition === error) throw error;
    // The condition on the source is one on the target too, for they are one.
    await send(rules, key, wanted, edit, 'anything', options);
  }
}

async function send(
  rules: BucketRules,
  key: string,
  wanted: ObjectState,
  edit: ObjectEdit,
  over: string,
  options: CopyOptions,
): Promise<void> {
  const { maxCopyBytes = MAX_COPY_BYTES } = options;
  const route = { source: rules, target: rules };
  await retryConflicts(options, () =>
    wanted.size > maxCopyBytes
      ? copyInParts(route, { from: key, to: key, over }, wanted, options)
      : copyOntoItself(rules, key, wanted, edit, over, options),
  );
}

async function copyOntoItself(
  { client, bucket }: BucketRules,
  key: string,
  { headers, settings, grants, checksum, expires, eTag }: ObjectState,
  { fields }: ObjectEdit,
  over: string,
  options: CallOptions,
): Promise<string> {
  const command = new CopyObjectCommand({
    Bucket: bucket,
    Key: key,
    CopySource: copySource(bucket, key),
    CopySourceIfMatch: `"${eTag}"`,
    // Else S3 copies them by itself, and refuses to be told any.
    ...(fields && { MetadataDirective: 'REPLACE', ...headers }),
    ...settings,
    ...grants,
    ChecksumAlgorithm: checksum?.algorithm,
    ...conditionOf(over),
  });
  sendVerbatim(command, fields && expires);
  return await call(formatS3Uri({ bucket, key }), options, async () => {
    const output = await client.send(command, { abortSignal: options.signal });
    return unquoted(output.CopyObjectResult?.ETag) ?? '';
  });
}

/** The answer may have been lost: then the object is as it should be. @throws BrigadeError otherwise */
async function explain(
  rules: BucketRules,
  key: string,
  wanted: ObjectState,
  error: unknown,
  options: CallOptions,
): Promise<void> {
  const subject = formatS3Uri({ bucket: rules.bucket, key });
  if (!isOutcomeUnknown(error)) throw error;
  const now = await readPlainState(rules, key, options).catch(() => undefined);
  if (now && now.size === wanted.size && amiss(wanted, now).length === 0) return;
  throw isPreconditionFailed(error) ? changed(subject, error) : error;
}

function changed(subject: string, cause?: unknown): BrigadeError {
  return new BrigadeError('Conflict', 'It has changed', { subject, reason: 'Changed', cause });
}
