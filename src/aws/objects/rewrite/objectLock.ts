import {
  GetObjectLegalHoldCommand,
  GetObjectRetentionCommand,
  type HeadObjectCommandOutput,
} from '@aws-sdk/client-s3';
import { callWithAction, type CallOptions } from '../../call.ts';
import { BrigadeError } from '../../errors.ts';
import { formatS3Uri } from '../../s3Uri.ts';
import { isNotOffered, type BucketRules } from './bucketRules.ts';
import type { KeptSettings } from './kept.ts';

type Lock = Pick<
  KeptSettings,
  'ObjectLockLegalHoldStatus' | 'ObjectLockMode' | 'ObjectLockRetainUntilDate'
>;

interface Address {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string;
}

/**
 * An object's retention and legal hold. HEAD tells them only to those who may read them, so that
 * "absent" may mean "not permitted" (Amazon S3 API reference, "HeadObject").
 *
 * @throws BrigadeError `AccessDenied` (s3:GetObjectRetention, s3:GetObjectLegalHold)
 */
export async function readLock(
  rules: BucketRules,
  object: Address,
  head: HeadObjectCommandOutput,
  options: CallOptions,
): Promise<Lock> {
  // Object Lock works only in buckets with versioning, whose objects all have a version id.
  const isPossible =
    head.VersionId !== undefined && (isLocked(head) || (await rules.haveLocks(options)) !== 'no');
  if (!isPossible) return {};
  const [retention, hold] = await Promise.all([
    head.ObjectLockMode ? head : readRetention(rules, object, options),
    head.ObjectLockLegalHoldStatus ?? readLegalHold(rules, object, options),
  ]);
  return { ...running(retention), ...(hold === 'ON' && { ObjectLockLegalHoldStatus: hold }) };
}

/** The lock that a HEAD response reports; S3 leaves it out for callers who may not read it. */
export function lockFromHead(head: HeadObjectCommandOutput): Lock {
  const hold = head.ObjectLockLegalHoldStatus;
  return { ...running(head), ...(hold === 'ON' && { ObjectLockLegalHoldStatus: hold }) };
}

function isLocked(head: HeadObjectCommandOutput): boolean {
  return head.ObjectLockMode !== undefined || head.ObjectLockLegalHoldStatus !== undefined;
}

/** Retention that has ended keeps nothing any more, and S3 refuses a date in the past. */
function running({ ObjectLockMode, ObjectLockRetainUntilDate }: Lock): Lock {
  const until = ObjectLockRetainUntilDate?.getTime() ?? 0;
  return until > Date.now() ? { ObjectLockMode, ObjectLockRetainUntilDate } : {};
}

function inputOf({ bucket, key, versionId }: Address) {
  return { Bucket: bucket, Key: key, VersionId: versionId };
}

async function readRetention(
  { client }: BucketRules,
  object: Address,
  options: CallOptions,
): Promise<Lock> {
  const command = new GetObjectRetentionCommand(inputOf(object));
  const output = await askLock('s3:GetObjectRetention', object, options, () =>
    client.send(command, { abortSignal: options.signal }),
  );
  const { Mode, RetainUntilDate } = output?.Retention ?? {};
  return { ObjectLockMode: Mode, ObjectLockRetainUntilDate: RetainUntilDate };
}

async function readLegalHold(
  { client }: BucketRules,
  object: Address,
  options: CallOptions,
): Promise<Lock['ObjectLockLegalHoldStatus']> {
  const command = new GetObjectLegalHoldCommand(inputOf(object));
  const output = await askLock('s3:GetObjectLegalHold', object, options, () =>
    client.send(command, { abortSignal: options.signal }),
  );
  return output?.LegalHold?.Status;
}

/** @returns undefined where there is none: for this object, in this bucket, or at this service. */
async function askLock<T>(
  action: string,
  object: Address,
  options: CallOptions,
  run: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await callWithAction(action, formatS3Uri(object), options, run);
  } catch (error) {
    const { awsCode, code } = error instanceof BrigadeError ? error : {};
    // A service that minds no `?retention` answers with the object itself.
    const isOther = code === 'NotAws' || code === 'NoService';
    const isNone = awsCode === 'NoSuchObjectLockConfiguration' || awsCode === 'InvalidRequest';
    if (isNone || isOther || isNotOffered(error)) return undefined;
    throw error;
  }
}
