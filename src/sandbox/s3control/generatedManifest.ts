import { createReadStream, createWriteStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { RolePrincipal } from '../principal.ts';
import { putObject } from '../s3/putObject.ts';
import { findBucket } from '../s3/s3Call.ts';
import type { Services } from '../sandboxServices.ts';
import { checkOwner, manifestFailure } from './generateTasks.ts';
import type { Job } from './job.ts';
import { jobFolder } from './jobFolder.ts';
import type { ManifestGenerator, ManifestOutput } from './manifestGenerator.ts';
import { parseTaskLine } from './task.ts';

const ROWS_FILE = 'manifest.csv.gz';

/** Where a manifest that S3 has made lies. */
export interface GeneratedManifest {
  readonly objectArn: string;
  /** Without quotes. */
  readonly eTag: string;
}

/**
 * Writes the manifest of a job with a generator as the job's role, in the form of an inventory: a
 * gzipped CSV file of all tasks, and manifest.json which names it. Doing it again after a kill gives
 * the same objects.
 * @param lines the job's tasks, as they are in its task file
 * @throws JobFailure when the role may not write there
 */
export async function writeGeneratedManifest(
  services: Services,
  role: RolePrincipal,
  job: Job,
  place: { readonly generator: ManifestGenerator; readonly output: ManifestOutput },
  lines: AsyncIterable<string>,
): Promise<GeneratedManifest> {
  const { generator, output } = place;
  const file = join(jobFolder(services.store, job.id), ROWS_FILE);
  const source = nameOf(generator.sourceBucketArn);
  const bucket = nameOf(output.bucketArn);
  const prefix = output.prefix === undefined ? '' : `${output.prefix.replace(/\/$/, '')}/`;
  const folder = `${prefix}${source}/job-${job.id}`;
  await pipeline(Readable.from(csvOf(lines)), createGzip(), createWriteStream(file));
  try {
    checkOwner(services, output.expectedBucketOwner);
    const key = `${folder}/data/${job.id}.csv.gz`;
    const { eTag: md5 } = await putObject(services, role, {
      bucket,
      key,
      body: createReadStream(file) as AsyncIterable<Buffer>,
      headers: { 'content-type': 'application/gzip' },
    });
    const versioned = findBucket(services, source).versioning !== undefined;
    const manifest = JSON.stringify({
      sourceBucket: source,
      destinationBucket: output.bucketArn,
      version: '2021-11-30',
      creationTimestamp: String(services.clock.now().getTime()),
      fileFormat: 'CSV',
      fileSchema: versioned ? 'Bucket, Key, VersionId' : 'Bucket, Key',
      files: [{ key, size: (await stat(file)).size, MD5checksum: md5 }],
    });
    const { eTag } = await putObject(services, role, {
      bucket,
      key: `${folder}/manifest.json`,
      body: Buffer.from(manifest),
      headers: { 'content-type': 'application/json' },
    });
    return { objectArn: `${output.bucketArn}/${folder}/manifest.json`, eTag };
  } catch (error) {
    throw manifestFailure(error, 'Failed to write manifest');
  } finally {
    await rm(file, { force: true });
  }
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
