import type { HeadObjectCommandOutput, RestoreStatus } from '@aws-sdk/client-s3';

/** Whether an object's bytes can be read: not while it is archived and no copy of it is restored. */
export type ArchiveState = 'readable' | 'archived' | 'beingRestored';

/** What HEAD says of an object in an archive class, or in an archive tier of Intelligent-Tiering. */
export function archiveState({
  StorageClass,
  ArchiveStatus,
  Restore = '',
}: Pick<HeadObjectCommandOutput, 'StorageClass' | 'ArchiveStatus' | 'Restore'>): ArchiveState {
  const isArchive = StorageClass === 'GLACIER' || StorageClass === 'DEEP_ARCHIVE';
  if (!isArchive && ArchiveStatus === undefined) return 'readable';
  if (Restore.includes('ongoing-request="true"')) return 'beingRestored';
  return Restore.includes('ongoing-request="false"') ? 'readable' : 'archived';
}

/** A copy of an archived object, which can be read until it ends. */
export interface RestoredCopy {
  readonly isInProgress: boolean;
  /** When S3 deletes the copy; absent while the restore is in progress. */
  readonly until?: Date;
}

/** What a listing says of a restore, when it was asked for `RestoreStatus`. */
export function listedRestore(status: RestoreStatus | undefined): RestoredCopy | undefined {
  if (status === undefined) return undefined;
  if (status.IsRestoreInProgress === true) return { isInProgress: true };
  const { RestoreExpiryDate: until } = status;
  return until && { isInProgress: false, until };
}

/** What HEAD says of a restore: `ongoing-request="false", expiry-date="Fri, 21 Dec 2012 00:00:00 GMT"`. */
export function restoredCopy(header = ''): RestoredCopy | undefined {
  if (header.includes('ongoing-request="true"')) return { isInProgress: true };
  const until = new Date(/expiry-date="([^"]*)"/.exec(header)?.[1] ?? NaN);
  return Number.isNaN(until.getTime()) ? undefined : { isInProgress: false, until };
}
