import { BrigadeError } from '../../aws/errors.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import type { S3Location } from '../../commands.ts';
import type { Session } from '../../services.ts';
import type { BucketsTree } from './bucketsTree.ts';
import type { PinnedBuckets } from './pinnedBuckets.ts';
import { readChild } from './readRows.ts';
import { isRow, prefixOf, type BucketRow, type FolderRow, type LocationRow } from './rows.ts';

/** Where rows are found, and where a bucket that is not listed is added. */
interface Buckets {
  readonly tree: BucketsTree;
  readonly pins: PinnedBuckets;
}

/**
 * The row of a location, however deep and however far down its listing: each level on the way is
 * read, and what is beyond the pages shown is looked up by itself. A bucket that is not in the list
 * is added to it.
 *
 * @throws BrigadeError `NotFound` …
 */
export async function findRow(
  buckets: Buckets,
  session: Session,
  location: S3Location,
  signal: AbortSignal,
): Promise<LocationRow> {
  let row: FolderRow = await topRow(buckets, session, location, signal);
  const key = location.key ?? '';
  for (const child of childrenOnTheWay(prefixOf(row), key)) {
    buckets.tree.unfilterFor(row, child);
    const found = await childRow(buckets, session, row, child, signal);
    const isLast = child === key;
    if (found.kind === 'object') {
      if (isLast) return found;
      throw notFound(location);
    }
    // A prefix and the object that marks it share a name; a row says which of them it was.
    const marker = isLast && isRow(location) && location.kind === 'object';
    if (isLast && !marker) return found;
    row = found;
    if (marker) return await childRow(buckets, session, row, key, signal);
  }
  return row;
}

/** `a/b/c` is reached by `a/`, `a/b/`, `a/b/c`. */
export function childrenOnTheWay(prefix: string, key: string): string[] {
  const children: string[] = [];
  for (let end = key.indexOf('/', prefix.length); end >= 0; end = key.indexOf('/', end + 1)) {
    children.push(key.slice(0, end + 1));
  }
  return key === prefix || key.endsWith('/') ? children : [...children, key];
}

async function topRow(
  { tree, pins }: Buckets,
  session: Session,
  { bucket, key = '' }: S3Location,
  signal: AbortSignal,
): Promise<BucketRow> {
  const look = async (): Promise<BucketRow | undefined> => {
    const rows = await tree.topRows(session);
    const tops = rows.filter(
      (row): row is BucketRow =>
        row.kind === 'bucket' && row.bucket === bucket && key.startsWith(prefixOf(row)),
    );
    return tops.find(row => row.key === undefined) ?? tops[0];
  };
  const known = await look();
  if (known) return known;
  const { listObjects } = await import('../../aws/objects/listing.ts');
  const client = await session.clients.s3ForBucket(bucket, signal);
  await listObjects(client, { bucket, prefix: key, pageSize: 1 }, { signal });
  await pins.add(session, { bucket });
  tree.refresh();
  const added = await look();
  if (!added) throw notFound({ bucket, key });
  return added;
}

async function childRow(
  { tree }: Buckets,
  session: Session,
  parent: FolderRow,
  child: string,
  signal: AbortSignal,
): Promise<LocationRow & { kind: 'prefix' | 'object' }> {
  const rows = await tree.getChildren(parent);
  const shown = rows.find(
    row => (row.kind === 'prefix' || row.kind === 'object') && row.key === child,
  );
  if (shown?.kind === 'prefix' || shown?.kind === 'object') return shown;
  const found = await readChild(session, parent, child, signal);
  if (!found) throw notFound({ bucket: parent.bucket, key: child });
  tree.insert(found);
  return found;
}

function notFound(location: S3Location): BrigadeError {
  return new BrigadeError('NotFound', 'There is no such object or prefix', {
    subject: formatS3Uri(location),
  });
}
