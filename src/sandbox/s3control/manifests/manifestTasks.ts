import { createHash } from 'node:crypto';
import { Readable, Transform, pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { CsvError, parse } from 'csv-parse';
import { AwsError } from '../../errors.ts';
import type { RolePrincipal } from '../../principal.ts';
import type { OpenedObject } from '../../s3/objectAccess.ts';
import type { JobManifest, ManifestField } from '../job.ts';
import type { JobContext } from '../jobContext.ts';
import { JobFailure, invalidManifest } from '../jobFailure.ts';
import { readColumns, readTask } from './task.ts';
import type { Task } from './task.ts';

type Body = OpenedObject['body'];

/**
 * The tasks of a manifest, read as the job's role, as they stream.
 * @throws JobFailure with AWS's code and sentence
 */
export async function* manifestTasks(
  context: JobContext,
  role: RolePrincipal,
  manifest: JobManifest | undefined,
): AsyncGenerator<Task> {
  if (manifest === undefined) throw invalidManifest('Invalid Manifest Content');
  const body = openManifest(context, role, manifest);
  if (manifest.fields === undefined) {
    yield* inventoryTasks(body, (bucket, key) => read(context, role, { bucket, key }).body);
    return;
  }
  const columns = readColumns(manifest.fields);
  for await (const row of csvRows(body)) yield readTask(row, columns);
}

function openManifest(context: JobContext, role: RolePrincipal, manifest: JobManifest): Body {
  const [, bucket = '', key = ''] =
    /^arn:[^:]+:s3:::([^/]+)\/(.+)$/s.exec(manifest.objectArn) ?? [];
  if (!/^[\w.-]+$/.test(manifest.eTag)) throw invalidManifest('ETag format is invalid');
  const { object, body } = read(context, role, { bucket, key, versionId: manifest.versionId });
  if (object.eTag === manifest.eTag) return body;
  if (!Buffer.isBuffer(body)) body.destroy();
  throw new JobFailure(
    'ManifestETagMismatch',
    `The manifest object's ETag is ${object.eTag}, not ${manifest.eTag} as the job says`,
  );
}

function read(
  context: JobContext,
  role: RolePrincipal,
  address: { bucket: string; key: string; versionId?: string },
): OpenedObject {
  try {
    return context.objects.read(role, address);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const forbidden = error.status === 403;
    throw new JobFailure(
      error.code,
      `Reading the manifest ${forbidden ? 'is forbidden' : 'failed'}: ${error.code}`,
    );
  }
}

/** An inventory's manifest.json is small: it only lists files. */
const MAX_INVENTORY = 16 * 1024 * 1024;

interface Inventory {
  readonly bucket: string;
  readonly fields: readonly ManifestField[];
  readonly files: readonly { readonly key: string; readonly md5: string | undefined }[];
}

/**
 * The tasks of an S3 Inventory report (format S3InventoryReport_CSV_20161130): manifest.json names the
 * gzipped CSV files and their columns.
 * @param open opens one of those files as the job's role
 * @throws JobFailure InvalidManifestContent
 */
export async function* inventoryTasks(
  manifest: Buffer | Readable,
  open: (bucket: string, key: string) => Buffer | Readable,
): AsyncGenerator<Task> {
  const { bucket, fields, files } = readInventory(await collect(manifest));
  const columns = readColumns(fields);
  for (const { key, md5 } of files) {
    const body = open(bucket, key);
    const hash = createHash('md5');
    const source = Buffer.isBuffer(body) ? Readable.from([body]) : body;
    const hashed = source.pipe(
      new Transform({
        transform(chunk: Buffer, _encoding, done) {
          hash.update(chunk);
          done(undefined, chunk);
        },
      }),
    );
    source.once('error', error => hashed.destroy(error));
    try {
      for await (const row of csvRows(hashed, createGunzip())) yield readTask(row, columns);
    } finally {
      source.destroy();
    }
    if (md5 !== undefined && hash.digest('hex') !== md5.toLowerCase()) {
      throw invalidManifest('Invalid Manifest Content');
    }
  }
}

async function collect(body: Buffer | Readable): Promise<Buffer> {
  if (Buffer.isBuffer(body)) return body;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    chunks.push(chunk as Buffer);
    size += (chunk as Buffer).length;
    if (size > MAX_INVENTORY) throw invalidManifest('Invalid Manifest Content');
  }
  return Buffer.concat(chunks);
}

function readInventory(bytes: Buffer): Inventory {
  let manifest: unknown;
  try {
    manifest = JSON.parse(bytes.toString('utf8'));
  } catch {
    throw invalidManifest('Manifest file is not properly formatted');
  }
  if (typeof manifest !== 'object' || manifest === null) {
    throw invalidManifest('Invalid Manifest Content');
  }
  const { fileFormat, fileSchema, destinationBucket, files } = manifest as Record<string, unknown>;
  if (fileFormat !== 'CSV' || typeof fileSchema !== 'string' || !Array.isArray(files)) {
    throw invalidManifest('Invalid Manifest Content');
  }
  if (typeof destinationBucket !== 'string') throw invalidManifest('Invalid Manifest Content');
  return {
    bucket: destinationBucket.slice(destinationBucket.lastIndexOf(':') + 1),
    fields: fileSchema.split(',').map(name => toField(name.trim())),
    files: files.map(readFile),
  };
}

function toField(name: string): ManifestField {
  return name === 'Bucket' || name === 'Key' || name === 'VersionId' ? name : 'Ignore';
}

function readFile(file: unknown): { key: string; md5: string | undefined } {
  const { key, MD5checksum: md5 } = (file ?? {}) as Record<string, unknown>;
  if (typeof key !== 'string') throw invalidManifest('Invalid Manifest Content');
  return { key, md5: typeof md5 === 'string' ? md5 : undefined };
}

/** Longer than any row of a manifest: a key has 1,024 bytes, and an inventory's other columns are short. */
const MAX_ROW = 64 * 1024;

/** Mixed in one file too: a parser that takes the first one for all of them loses rows. */
const LINE_ENDS = ['\r\n', '\n', '\r'];

/**
 * The rows of a CSV file as it streams. An empty line is a row of one empty cell, a byte order mark is
 * part of the first cell, and a header is a row like any other: manifests have none of them.
 * @throws JobFailure when it is no CSV
 */
export async function* csvRows(
  source: Buffer | Readable,
  through?: NodeJS.ReadWriteStream,
): AsyncGenerator<string[]> {
  const parser = parse({
    relax_column_count: true,
    max_record_size: MAX_ROW,
    record_delimiter: LINE_ENDS,
  });
  const input = Buffer.isBuffer(source) ? Readable.from([source]) : source;
  // pipeline hands the first error on to the parser, whose iteration then throws it.
  const streams = through === undefined ? [input, parser] : [input, through, parser];
  pipeline(streams, () => undefined);
  try {
    for await (const row of parser) yield row as string[];
  } catch (error) {
    if (error instanceof CsvError || isBadGzip(error)) {
      throw invalidManifest('Manifest file is not properly formatted');
    }
    throw error;
  } finally {
    input.destroy();
  }
}

function isBadGzip(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return /^Z_(DATA|BUF)_ERROR$/.test(code);
}
