import type { Session } from '../../services.ts';
import type { PinnedBuckets } from './pinnedBuckets.ts';
import {
  isFolder,
  newestRow,
  objectRow,
  prefixOf,
  prefixRow,
  tagRows,
  versionRow,
  type BucketRow,
  type ConnectionRow,
  type DeletedRow,
  type FolderRow,
  type ObjectRow,
  type PagedRow,
  type PrefixRow,
  type Row,
  type VersionRow,
} from './rows.ts';
import { topId } from './topId.ts';
import type { BucketSummary } from '../../aws/objects/listing.ts';

/**
 * The rows at the top: every bucket the account may list, of all Regions, and those added by name.
 * If the buckets can't be listed, an error row stands before the added ones.
 */
export async function readBuckets(
  session: Session,
  pins: PinnedBuckets,
  signal: AbortSignal,
  parent?: ConnectionRow,
): Promise<Row[]> {
  const { listBuckets } = await import('../../aws/objects/listing.ts');
  try {
    const summaries = await listBuckets(session.clients, { signal });
    return bucketRows(session, pins, summaries, parent);
  } catch (error) {
    return [
      {
        ...{ kind: 'error', id: `${topId(session)}|error|`, parent, error, doing: 'listBuckets' },
        connectionId: session.connection.id,
      },
      ...bucketRows(session, pins, [], parent),
    ];
  }
}

function bucketRows(
  session: Session,
  pins: PinnedBuckets,
  summaries: readonly BucketSummary[],
  parent: ConnectionRow | undefined,
): BucketRow[] {
  const rows = new Map<string, BucketRow>();
  const add = (row: Omit<BucketRow, 'id' | 'kind' | 'session' | 'parent'>): void => {
    const id = `${topId(session)}/${row.bucket}/${row.key ?? ''}`;
    rows.set(id, { ...row, kind: 'bucket', id, parent, session: session.key });
  };
  for (const { bucket, prefix } of pins.list(session)) {
    add({ bucket, pinned: true, key: prefix });
  }
  for (const summary of summaries) {
    const pinned = pins.has(session, { bucket: summary.name });
    add({ bucket: summary.name, pinned, summary });
  }
  return [...rows.values()].sort((a, b) => compare(a.bucket, b.bucket) || compare(a.key, b.key));
}

function compare(a = '', b = ''): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** What is read page by page. */
export type EntryRow = PrefixRow | ObjectRow | DeletedRow | VersionRow;

export interface RowPage {
  readonly entries: readonly EntryRow[];
  readonly nextToken?: string;
}

export interface PageRequest {
  readonly size: number;
  readonly token?: string;
  /** What a row is filtered by: only what begins so below it. */
  readonly beginsWith?: string;
}

/** One page of what a bucket or prefix holds with what is deleted there, or of an object's versions. */
export async function readVersions(
  session: Session,
  row: PagedRow,
  { size: pageSize, token, beginsWith = '' }: PageRequest,
  signal: AbortSignal,
): Promise<RowPage> {
  const { listNewest, listVersionsOf } = await import('../../aws/objects/versions/listVersions.ts');
  const { bucket } = row;
  const client = await session.clients.s3ForBucket(bucket, signal);
  if (!isFolder(row)) {
    const input = { bucket, key: row.key, pageSize, token };
    const { entries, nextToken } = await listVersionsOf(client, input, { signal });
    return { entries: entries.map(version => versionRow(row, version)), nextToken };
  }
  const input = { bucket, prefix: prefixOf(row) + beginsWith, pageSize, token };
  const { prefixes, entries, nextToken } = await listNewest(client, input, { signal });
  const rows = [
    ...prefixes.map(prefix => prefixRow(row, prefix)),
    ...entries.map(newest => newestRow(row, newest)),
  ];
  return { entries: rows, nextToken };
}

/**
 * One page of what a bucket or prefix holds, or of what begins with a text below it: its prefixes, then
 * its objects.
 */
export async function readPage(
  session: Session,
  row: FolderRow,
  page: PageRequest,
  signal: AbortSignal,
): Promise<RowPage> {
  const { listObjects } = await import('../../aws/objects/listing.ts');
  const client = await session.clients.s3ForBucket(row.bucket, signal);
  const { prefixes, objects, nextToken } = await listObjects(
    client,
    {
      bucket: row.bucket,
      prefix: prefixOf(row) + (page.beginsWith ?? ''),
      pageSize: page.size,
      continuationToken: page.token,
      withRestores: true,
    },
    { signal },
  );
  const entries = [
    ...prefixes.map(prefix => prefixRow(row, prefix)),
    ...objects.map(object => objectRow(row, object)),
  ];
  return { entries, nextToken };
}

/** The tags of an object, as rows. */
export async function readTags(
  session: Session,
  row: ObjectRow,
  signal: AbortSignal,
): Promise<Row[]> {
  const { getObjectTags } = await import('../../aws/objects/tags.ts');
  const { bucket, key } = row;
  const client = await session.clients.s3ForBucket(bucket, signal);
  return tagRows(row, await getObjectTags(client, { bucket, key }, { signal }));
}

/**
 * The row of one child of a folder, looked up by itself, so that revealing it does not page through
 * everything before it. Undefined if there is none.
 */
export async function readChild(
  session: Session,
  row: FolderRow,
  child: string,
  signal: AbortSignal,
): Promise<PrefixRow | ObjectRow | undefined> {
  const { listObjects } = await import('../../aws/objects/listing.ts');
  const { bucket } = row;
  const client = await session.clients.s3ForBucket(bucket, signal);
  // A listing sorts the wanted key first among those that begin with it.
  const found = await listObjects(client, { bucket, prefix: child, pageSize: 1 }, { signal });
  if (child.endsWith('/') && child !== prefixOf(row)) {
    const any = found.objects.length + found.prefixes.length > 0;
    return any ? prefixRow(row, child) : undefined;
  }
  const summary = found.objects.find(object => object.key === child);
  return summary && objectRow(row, summary);
}
