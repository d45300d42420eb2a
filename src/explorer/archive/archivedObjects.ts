import { l10n } from 'vscode';
import type { S3Client } from '@aws-sdk/client-s3';
import type { ObjectSummary } from '../../aws/objects/listing.ts';
import { archiveClass, type ArchiveClass } from '../../aws/objects/restore/restoreTiers.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import type { S3Location, VersionLocation } from '../../commands.ts';
import type { Session } from '../../services.ts';
import { formatCount } from '../../vscode/formats.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { allObjects } from '../allObjects.ts';
import { isObject, isRow } from '../tree/rows.ts';

/** What is restored from here; more is a batch job's work. */
export const MAX_DIRECT = 10_000;

export interface ArchivedObject {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string;
  readonly archive: ArchiveClass;
  /** Bytes. */
  readonly size: number;
}

/** The archived ones of what was chosen, and how many objects were looked at. */
export interface FoundArchived {
  readonly archived: readonly ArchivedObject[];
  readonly looked: number;
  /** There are more than `MAX_DIRECT`, which were not all looked for. */
  readonly isMore: boolean;
}

/** Looks through objects, versions, and what is below prefixes and buckets, for what is archived. */
export async function findArchived(
  session: Session,
  chosen: readonly (S3Location | VersionLocation)[],
): Promise<FoundArchived> {
  const title = l10n.t('Looking for archived objects');
  return await withCancellableProgress({ title }, async (signal, report) => {
    const found = new Map<string, ArchivedObject>();
    let looked = 0;
    for (const location of chosen) {
      const client = await session.clients.s3ForBucket(location.bucket, signal);
      for await (const one of within(client, location, signal)) {
        looked += 1;
        if (looked % 1000 === 0) report({ message: l10n.t('{0} objects', formatCount(looked)) });
        if (one) found.set(`${one.versionId ?? ''} ${formatS3Uri(one)}`, one);
        if (found.size > MAX_DIRECT) return { archived: [...found.values()], looked, isMore: true };
      }
    }
    return { archived: [...found.values()], looked, isMore: false };
  });
}

async function* within(
  client: S3Client,
  location: S3Location | VersionLocation,
  signal: AbortSignal,
): AsyncGenerator<ArchivedObject | undefined> {
  const { bucket, key = '' } = location;
  if ('versionId' in location || isObject(location)) {
    yield await oneArchived(client, location, signal);
    return;
  }
  for await (const { key: own, size, storageClass } of allObjects(client, bucket, key, signal)) {
    const archive = archiveClass(storageClass);
    yield archive && { bucket, key: own, archive, size };
  }
}

/** What its row does not say, HEAD does: the archive tiers of Intelligent-Tiering. */
async function oneArchived(
  client: S3Client,
  location: S3Location | VersionLocation,
  signal: AbortSignal,
): Promise<ArchivedObject | undefined> {
  const { bucket, key = '' } = location;
  const version = 'versionId' in location ? { versionId: location.versionId } : {};
  const known = summaryOf(location);
  const listed = archiveClass(known?.storageClass);
  if (known && listed) return { bucket, key, ...version, archive: listed, size: known.size };
  const { headObject } = await import('../../aws/objects/listing.ts');
  const head = await headObject(client, { bucket, key, ...version }, { signal });
  const archive = archiveClass(head.archiveTier ?? head.storageClass);
  return archive && { bucket, key, ...version, archive, size: head.size };
}

function summaryOf(location: S3Location): ObjectSummary | undefined {
  if (!isRow(location)) return undefined;
  return location.kind === 'object' || location.kind === 'version' ? location.summary : undefined;
}
