import type { HeadObjectCommandOutput } from '@aws-sdk/client-s3';

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
