import { createHash } from 'node:crypto';
import { Readable, Transform } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { csvRows } from './csvRows.ts';
import { invalidManifest } from './jobFailure.ts';
import type { ManifestField } from './job.ts';
import { readColumns, readTask } from './task.ts';
import type { Task } from './task.ts';

/** An inventory's manifest.json is small: it only lists files. */
const MAX_SIZE = 16 * 1024 * 1024;

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
    if (size > MAX_SIZE) throw invalidManifest('Invalid Manifest Content');
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
