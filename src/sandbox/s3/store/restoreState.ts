import { AwsError } from '../../errors.ts';

/** How fast an archived object is restored. */
export const TIERS = ['Expedited', 'Standard', 'Bulk'] as const;
export type Tier = (typeof TIERS)[number];

/** A restore that was asked for. Whether its copy is there is a matter of the time alone. */
export interface Restore {
  readonly tier: Tier;
  readonly days: number;
  /** Milliseconds since 1970: when the temporary copy is there, and when it is gone again. */
  readonly ready: number;
  readonly expires: number;
}

/** What is needed to know whether an object's bytes can be read. */
export interface Archivable {
  readonly storageClass: string;
  readonly restore?: Restore;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const LAST_DAY = Date.UTC(9999, 11, 31);

/**
 * Milliseconds that a restore takes: the upper end of what AWS says is typical (RestoreObject's
 * documentation). A class that does not have a tier has no time for it.
 */
const DURATIONS: Readonly<Record<string, Partial<Record<Tier, number>> | undefined>> = {
  GLACIER: { Expedited: 5 * MINUTE, Standard: 5 * HOUR, Bulk: 12 * HOUR },
  DEEP_ARCHIVE: { Standard: 12 * HOUR, Bulk: 48 * HOUR },
};

/** Whether objects of a storage class must be restored before they can be read. */
export function isArchive(storageClass: string): boolean {
  return DURATIONS[storageClass] !== undefined;
}

/** Milliseconds that a restore takes; undefined when the storage class has no such tier. */
export function restoreDuration(storageClass: string, tier: Tier): number | undefined {
  return DURATIONS[storageClass]?.[tier];
}

/**
 * When a copy expires that lives so many days from a moment on: at the next midnight UTC after them
 * (S3 user guide, "Restoring an archived object": three days from October 15, 10:30, end on October 19).
 * Never after the last year that ISO 8601 and HTTP write, as Days may be any Integer.
 */
export function expiryAfter(from: number, days: number): number {
  return Math.min((Math.floor(from / DAY) + days + 1) * DAY, LAST_DAY);
}

/** Where a restore is: begun, its copy there, or over (and none). */
export function restorePhase(
  restore: Restore | undefined,
  now: Date,
): 'none' | 'ongoing' | 'restored' {
  if (!restore || now.getTime() >= restore.expires) return 'none';
  return now.getTime() < restore.ready ? 'ongoing' : 'restored';
}

/**
 * @param sentence S3 says it in other words of the source of a copy
 * @throws AwsError InvalidObjectState 403 for what is archived and has no restored copy now
 */
export function checkReadable(
  { storageClass, restore }: Archivable,
  now: Date,
  sentence = "The operation is not valid for the object's storage class",
): void {
  if (!isArchive(storageClass) || restorePhase(restore, now) === 'restored') return;
  throw new AwsError('InvalidObjectState', 403, sentence, { StorageClass: storageClass });
}

/** The header that tells of a restore in answers to GET and HEAD. */
export function restoreHeaders(
  restore: Restore | undefined,
  now: Date,
): Readonly<Record<string, string>> {
  const phase = restorePhase(restore, now);
  if (!restore || phase === 'none') return {};
  if (phase === 'ongoing') return { 'x-amz-restore': 'ongoing-request="true"' };
  const expiry = new Date(restore.expires).toUTCString();
  return { 'x-amz-restore': `ongoing-request="false", expiry-date="${expiry}"` };
}
