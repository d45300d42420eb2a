import { setImmediate as nextTurn } from 'node:timers/promises';
import { AwsError } from '../errors.ts';
import type { RolePrincipal } from '../principal.ts';
import { justAfter, prefixEnd } from '../s3/keyOrder.ts';
import type { ListedVersion, ObjectAccess } from '../s3/objectAccess.ts';
import type { JobContext } from './jobContext.ts';
import { JobFailure } from './jobFailure.ts';
import type { GeneratorFilter, ManifestGenerator } from './job.ts';
import { encodeManifestKey } from './task.ts';
import type { Task } from './task.ts';

/** Rows that are read at a time; between two, requests are answered. */
const PAGE = 1000;
/** Greater than any key. */
const NO_END = Buffer.alloc(0);
/** Every object of the sandbox is encrypted by S3's own keys, and none is replicated. */
const ENCRYPTION = 'SSE-S3';
const REPLICATION_STATUS = 'NONE';

/**
 * The objects of a generator's bucket that its filter takes, in the order of their keys: the current
 * versions, with their ids in a bucket that has or had versioning.
 * @throws JobFailure when the role may not make the manifest or there is no such bucket
 */
export async function* generateTasks(
  context: JobContext,
  role: RolePrincipal,
  generator: ManifestGenerator,
): AsyncGenerator<Task> {
  const { name, id, versioning } = sourceBucket(context, role, generator);
  const { filter } = generator;
  const prefix = filter?.keyNames?.prefixes?.[0] ?? '';
  const end = prefixEnd(prefix) ?? NO_END;
  let from: string | undefined = prefix;
  while (from !== undefined) {
    const page = readPage(context.objects.versions(id, from, end));
    for (const row of page) {
      if (row.latest !== 1 || row.marker === 1 || !matches(row, filter)) continue;
      const versionId = versioning === undefined ? undefined : row.version_id;
      yield { bucket: name, rawKey: encodeManifestKey(row.key), versionId };
    }
    // The versions of one key are together, the current one first.
    from = page.length < PAGE ? undefined : justAfter(page.at(-1)?.key ?? '');
    await nextTurn();
  }
}

function readPage(rows: IterableIterator<ListedVersion>): ListedVersion[] {
  const page: ListedVersion[] = [];
  for (const row of rows) {
    page.push(row);
    if (page.length === PAGE) break;
  }
  return page;
}

/** What the role must be allowed to list a bucket so (S3 user guide, "Granting permissions"). */
function sourceBucket(
  context: JobContext,
  role: RolePrincipal,
  { sourceBucketArn, expectedBucketOwner }: ManifestGenerator,
): ReturnType<ObjectAccess['bucket']> {
  const name = sourceBucketArn.slice(sourceBucketArn.lastIndexOf(':') + 1);
  try {
    const bucket = context.objects.bucket(name);
    checkOwner(context, expectedBucketOwner);
    context.objects.authorize(role, 's3:PutInventoryConfiguration', name);
    context.objects.authorize(role, 's3:ListBucket', name);
    return bucket;
  } catch (error) {
    throw manifestFailure(error, 'Failed to list the source bucket');
  }
}

/** @throws AwsError AccessDenied when a bucket is not whose it should be. */
export function checkOwner(
  { accountId }: Pick<JobContext, 'accountId'>,
  owner: string | undefined,
): void {
  if (owner !== undefined && owner !== accountId) {
    throw new AwsError('AccessDenied', 403, 'Access Denied');
  }
}

/** What ends the job when its manifest can't be made. */
export function manifestFailure(error: unknown, what: string): unknown {
  if (!(error instanceof AwsError)) return error;
  return new JobFailure(
    error.code,
    `Error occurred when preparing manifest: ${what}: ${error.code}`,
  );
}

function matches(row: ListedVersion, filter: GeneratorFilter | undefined): boolean {
  if (filter === undefined) return true;
  const { keyNames, storageClasses, replicationStatuses, encryption } = filter;
  const { createdAfter, createdBefore, sizeGreaterThan, sizeLessThan } = filter;
  const any = <Value>(values: readonly Value[] | undefined, test: (value: Value) => boolean) =>
    values === undefined || values.some(test);
  return (
    any(keyNames?.prefixes, prefix => row.key.startsWith(prefix)) &&
    any(keyNames?.suffixes, suffix => row.key.endsWith(suffix)) &&
    any(keyNames?.substrings, text => row.key.includes(text)) &&
    any(storageClasses, name => name === row.storage_class) &&
    any(replicationStatuses, status => status === REPLICATION_STATUS) &&
    (encryption === undefined || encryption === ENCRYPTION) &&
    (createdAfter === undefined || row.modified > Date.parse(createdAfter)) &&
    (createdBefore === undefined || row.modified < Date.parse(createdBefore)) &&
    (sizeGreaterThan === undefined || row.size > sizeGreaterThan) &&
    (sizeLessThan === undefined || row.size < sizeLessThan)
  );
}
