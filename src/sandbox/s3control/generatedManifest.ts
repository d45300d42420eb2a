import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { RolePrincipal } from '../principal.ts';
import type { JobContext } from './jobContext.ts';
import { checkOwner, manifestFailure } from './generateTasks.ts';
import type { GeneratedManifest, Job, ManifestGenerator, ManifestOutput } from './job.ts';
import { jobFolder } from './jobFolder.ts';
import { parseTaskLine } from './task.ts';

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
  const source = nameOf(generator.sourceBucketArn);
  const prefix = output.prefix === undefined ? '' : `${output.prefix.replace(/\/$/, '')}/`;
  const key = `${prefix}${source}/job-${job.id}/manifest.json`;
  const rowsKey = `${prefix}${source}/job-${job.id}/data/${job.id}.csv.gz`;
  await pipeline(Readable.from(csvOf(lines)), createGzip(), createWriteStream(file));
  try {
    checkOwner(context, output.expectedBucketOwner);
    const bucket = nameOf(output.bucketArn);
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

function nameOf(bucketArn: string): string {
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
