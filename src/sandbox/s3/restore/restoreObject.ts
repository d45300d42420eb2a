import { AwsError } from '../../errors.ts';
import type { Principal } from '../../principal.ts';
import type { Bucket } from '../store/buckets.ts';
import { invalidRequest } from '../errors.ts';
import { findObject } from '../objects/getObject.ts';
import type { ObjectAddress } from '../objects/getObject.ts';
import type { EventName, EventOrigin, EventRequest } from '../notifications/eventRecord.ts';
import { recordEvent } from '../notifications/recordEvent.ts';
import type { S3Context } from '../s3Context.ts';
import type { ObjectVersion } from '../store/versions.ts';
import { expiryAfter, isArchive, restoreDuration, restorePhase } from '../store/restoreState.ts';
import type { Restore, Tier } from '../store/restoreState.ts';

export interface RestoreObjectInput extends ObjectAddress {
  /** For how many days the copy is to be there. */
  readonly days: number;
  readonly tier: Tier;
  /** The request that events tell of. */
  readonly request?: EventRequest;
}

export interface RestoreObjectOutput {
  /** 202 for a restore that has begun, or goes faster now; 200 for a copy that lives longer now. */
  readonly status: 200 | 202;
  /** Only in a bucket that has or had versioning. */
  readonly versionId?: string;
}

/**
 * Begins to restore an archived object, hastens a restore that is under way, or changes how long a
 * restored copy stays. (S3 API reference, "RestoreObject"; user guide, "Upgrading the speed of an
 * in-progress restore": a faster tier with the same days.)
 * @throws AwsError NoSuchKey, AccessDenied …; InvalidObjectState 403 for what is not archived,
 * InvalidRequest for a tier that the storage class has not, RestoreAlreadyInProgress 409
 */
export function restoreObject(
  context: S3Context,
  caller: Principal,
  input: RestoreObjectInput,
): RestoreObjectOutput {
  const found = findObject(context, caller, input, ['s3:RestoreObject', 's3:RestoreObject'], {
    method: 'POST',
  });
  const { bucket, object } = found;
  const duration = durationOf(context, object, input.tier);
  const versionId = bucket.versioning && object.versionId;
  const origin = { caller, request: input.request };
  return context.store.transaction(() => {
    const now = context.clock.now();
    const { restore } = object;
    if (restore && restorePhase(restore, now) === 'restored') {
      // AWS counts the days from now on, and sends no event: nothing is restored again.
      const expires = expiryAfter(now.getTime(), input.days);
      const longer = { ...restore, days: input.days, expires };
      advanceRestore(context, bucket, object);
      context.s3.restores.set(object, longer, expires);
      return { status: 200, versionId };
    }
    const { tier, days } = input;
    let ready = now.getTime() + duration;
    if (restore && restorePhase(restore, now) === 'ongoing') {
      checkUpgrade(restore, input);
      ready = Math.min(ready, restore.ready);
    } else {
      advanceRestore(context, bucket, object);
      sendEvent(context, bucket, object, { name: 'ObjectRestore:Post', time: now, origin });
    }
    const begun = { tier, days, ready, expires: expiryAfter(ready, days) };
    context.s3.restores.set(object, begun, ready);
    return { status: 202, versionId };
  });
}

function durationOf(context: S3Context, { storageClass }: ObjectVersion, tier: Tier): number {
  if (!isArchive(storageClass)) {
    throw new AwsError(
      'InvalidObjectState',
      403,
      "Restore is not allowed for the object's current storage class",
    );
  }
  const duration = restoreDuration(storageClass, tier);
  if (duration === undefined) {
    throw invalidRequest('Retrieval option is not supported by this storage class');
  }
  return context.s3.restoreTime ?? duration;
}

const SLOWNESS: Readonly<Record<Tier, number>> = { Expedited: 0, Standard: 1, Bulk: 2 };

function checkUpgrade(restore: Restore, { tier, days }: RestoreObjectInput): void {
  if (SLOWNESS[tier] < SLOWNESS[restore.tier] && days === restore.days) return;
  throw new AwsError('RestoreAlreadyInProgress', 409, 'Object restore is already in progress');
}

/**
 * Brings a version's restore up to now: sends the events of a copy that has become available or has
 * expired, and forgets an expired one. Call it inside a transaction.
 * @returns whether anything was due
 */
export function advanceRestore(
  context: Pick<S3Context, 's3' | 'clock' | 'accountId'>,
  bucket: Bucket,
  version: ObjectVersion,
): boolean {
  const { restore, restoreDue } = version;
  const now = context.clock.now().getTime();
  if (!restore || restoreDue === undefined || restoreDue > now) return false;
  const { storageClass } = version;
  if (restoreDue < restore.expires) {
    const time = new Date(restore.ready);
    const restored = { expiry: new Date(restore.expires), storageClass };
    sendEvent(context, bucket, version, { name: 'ObjectRestore:Completed', time, restored });
  }
  const isOver = restore.expires <= now;
  if (isOver) {
    const time = new Date(restore.expires);
    sendEvent(context, bucket, version, { name: 'ObjectRestore:Delete', time });
  }
  context.s3.restores.set(
    version,
    isOver ? undefined : restore,
    isOver ? undefined : restore.expires,
  );
  return true;
}

interface RestoreEvent {
  readonly name: EventName;
  readonly time: Date;
  /** Nobody's, when S3 itself does it. */
  readonly origin?: EventOrigin;
  readonly restored?: { readonly expiry: Date; readonly storageClass: string };
}

function sendEvent(
  context: Pick<S3Context, 's3' | 'accountId'>,
  bucket: Bucket,
  { key, versionId, size, eTag }: ObjectVersion,
  { origin = {}, ...event }: RestoreEvent,
): void {
  recordEvent(context, { ...event, origin, bucket, key, versionId, size, eTag });
}
