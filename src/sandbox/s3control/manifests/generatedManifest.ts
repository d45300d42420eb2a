import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createGzip } from 'node:zlib';
import { AwsError } from '../../errors.ts';
import type { RolePrincipal } from '../../principal.ts';
import { justAfter, prefixEnd } from '../../s3/keyOrder.ts';
import type { ListedVersion, ObjectAccess } from '../../s3/objectAccess.ts';
import type {
  GeneratorFilter,
  ManifestGenerator,
  GeneratedManifest,
  Job,
  ManifestOutput,
} from '../job.ts';
import type { JobContext } from '../jobContext.ts';
import { JobFailure } from '../jobFailure.ts';
import { jobFolder } from '../jobFolder.ts';
import { encodeManifestKey, parseTaskLine } from './task.ts';
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

const ROWS_FILE = 'manifest.csv.gz';

/**
 * Writes the manifest of a job with a generator as the job's role, in the form of an inventory: a
 * gzipped CSV file of all tasks, and manifest.json which names it. Doing it again after a kill gives
 * the same objects.
 * @param lines the job's tasks, as they are in its task file
 * @throws JobFailure when the role may not write there
 */
export async function writeGeneratedManifest(
  context: JobContext,
  role: RolePrincipal,
  job: Job,
  place: { readonly generator: ManifestGenerator; readonly output: ManifestOutput },
  lines: AsyncIterable<string>,
): Promise<GeneratedManifest> {
  const { generator, output } = place;
  const file = join(jobFolder(context.store, job.id), ROWS_FILE);
  const source = bucketOfArn(generator.sourceBucketArn);
  const prefix = output.prefix === undefined ? '' : `${output.prefix.replace(/\/$/, '')}/`;
  const key = `${prefix}${source}/job-${job.id}/manifest.json`;
  const rowsKey = `${prefix}${source}/job-${job.id}/data/${job.id}.csv.gz`;
  await pipeline(Readable.from(csvOf(lines)), createGzip(), createWriteStream(file));
  try {
    checkOwner(context, output.expectedBucketOwner);
    const bucket = bucketOfArn(output.bucketArn);
    const rows = await context.objects.put(role, {
      bucket,
      key: rowsKey,
      body: createReadStream(file) as AsyncIterable<Buffer>,
      headers: { 'content-type': 'application/gzip' },
    });
    // The ETag of an object that came in one piece is its MD5.
    const files = [{ key: rowsKey, size: rows.size, MD5checksum: rows.eTag }];
    const body = Buffer.from(JSON.stringify(inventoryOf(context, source, output, files)));
    const headers = { 'content-type': 'application/json' };
    const { eTag } = await context.objects.put(role, { bucket, key, body, headers });
    return { objectArn: `${output.bucketArn}/${key}`, eTag };
  } catch (error) {
    throw manifestFailure(error, 'Failed to write manifest');
  } finally {
    await rm(file, { force: true });
  }
}

/** The manifest.json of an inventory (S3 user guide, "Locating your inventory list"). */
function inventoryOf(
  context: JobContext,
  source: string,
  output: ManifestOutput,
  files: readonly unknown[],
): unknown {
  const versioned = context.objects.bucket(source).versioning !== undefined;
  return {
    sourceBucket: source,
    destinationBucket: output.bucketArn,
    version: '2021-11-30',
    creationTimestamp: String(context.clock.now().getTime()),
    fileFormat: 'CSV',
    fileSchema: versioned ? 'Bucket, Key, VersionId' : 'Bucket, Key',
    files,
  };
}

function bucketOfArn(bucketArn: string): string {
  return bucketArn.slice(bucketArn.lastIndexOf(':') + 1);
}

/** Keys are percent-encoded, so that nothing in a cell needs to be escaped. */
async function* csvOf(lines: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const line of lines) {
    const { bucket, rawKey, versionId } = parseTaskLine(line);
    const cells = versionId === undefined ? [bucket, rawKey] : [bucket, rawKey, versionId];
    yield `${cells.map(cell => `"${cell}"`).join(',')}\n`;
  }
}
