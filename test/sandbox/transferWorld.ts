import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ListMultipartUploadsCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import type { AwsClients } from '../../src/aws/clients.ts';
import { fromErrorFacts } from '../../src/aws/errorFacts.ts';
import { BrigadeError } from '../../src/aws/errors.ts';
import { readObject } from '../../src/aws/objects/objects.ts';
import {
  listUnfinishedUploads,
  listUploadedParts,
} from '../../src/aws/objects/unfinishedUploads.ts';
import { downloadFiles } from '../../src/aws/transfers/downloadFiles.ts';
import type { TransferOptions } from '../../src/aws/transfers/runTransfer.ts';
import type { FileToDownload, FileToUpload } from '../../src/aws/transfers/transfer.ts';
import type { TaskJournal } from '../../src/aws/transfers/transferJournal.ts';

export const MIB = 1024 * 1024;

/** A folder of files of the test's own. */
export class LocalFiles implements AsyncDisposable {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  static async make(): Promise<LocalFiles> {
    return new LocalFiles(await mkdtemp(join(tmpdir(), 'bucket-brigade-transfers-')));
  }

  async file(name: string, body: Buffer | string): Promise<FileToUpload> {
    const path = join(this.path, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, body);
    return { path, key: name, size: Buffer.byteLength(body) };
  }

  /** A file of so many bytes that no other has. */
  async large(name: string, bytes: number): Promise<FileToUpload> {
    return await this.file(name, randomBytes(bytes));
  }

  target(bucket: string, key: string, size: number, ...names: string[]): FileToDownload {
    return { bucket, key, size, folder: this.path, names: names.length > 0 ? names : [key] };
  }

  async read(...names: string[]): Promise<Buffer> {
    return await readFile(join(this.path, ...names));
  }

  /** Everything in it, hidden files too. */
  async names(): Promise<string[]> {
    const entries = await readdir(this.path, { recursive: true, withFileTypes: true });
    return entries
      .filter(each => each.isFile())
      .map(each => each.name)
      .sort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}

export function digest(body: Buffer): string {
  return createHash('sha256').update(body).digest('hex');
}

/** What became of files that all arrived, beside which. */
export const OK = { failed: [], left: [], isCancelled: false, leftUploads: [] };

/** The digest of an object. */
export async function digestOf(clients: AwsClients, bucket: string, key: string): Promise<string> {
  const at = { bucket, key, maxBytes: 100 * MIB };
  return digest(Buffer.from(await readObject(clients.s3(), at)));
}

/** A task's journal in memory: what is in it has been saved. */
export class KeptJournal implements TaskJournal {
  kept: unknown;
  checkpoint(): unknown {
    return this.kept;
  }
  save(checkpoint: unknown): Promise<void> {
    this.kept = JSON.parse(JSON.stringify(checkpoint));
    return Promise.resolve();
  }
}

export async function unfinishedUploads(clients: AwsClients, bucket: string): Promise<string[]> {
  const { Uploads = [] } = await clients
    .s3()
    .send(new ListMultipartUploadsCommand({ Bucket: bucket }));
  return Uploads.map(({ Key = '' }) => Key);
}

/** How many parts S3 has of a key's first unfinished upload. */
export async function partsThere(
  clients: AwsClients,
  bucket: string,
  key: string,
): Promise<number> {
  for await (const page of listUnfinishedUploads(clients.s3(), bucket)) {
    const upload = page.find(one => one.key === key);
    if (upload) return (await listUploadedParts(clients.s3(), upload)).parts.length;
  }
  return 0;
}

export async function keysIn(clients: AwsClients, bucket: string): Promise<string[]> {
  const { Contents = [] } = await clients.s3().send(new ListObjectsV2Command({ Bucket: bucket }));
  return Contents.map(({ Key = '' }) => Key);
}

/** Downloads one object. @throws BrigadeError */
export async function download(
  clients: AwsClients,
  file: Omit<FileToDownload, 'size'>,
  options: TransferOptions = {},
): Promise<void> {
  const input = { files: [{ ...file, size: 0 }], most: 1 };
  const { failed, isCancelled } = await downloadFiles(clients, input, undefined, options);
  if (isCancelled) throw new BrigadeError('Cancelled', 'Cancelled');
  for (const { error } of failed) throw fromErrorFacts(error);
}
