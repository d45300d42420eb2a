import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { FileHandle } from 'node:fs/promises';
import { call, type CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { sendLean } from '../leanRequests/sendLean.ts';
import { contentTypeOf } from '../objects/contentType.ts';
import { abortUpload } from '../objects/multipartUploads.ts';
import { openInside, openPlain, readExactly } from '../objects/plainFile.ts';
import { isNotOffered } from '../objects/rewrite/bucketRules.ts';
import { isPreconditionFailed, toConditionError } from '../objects/rewrite/conditions.ts';
import { findWrittenBody } from '../objects/rewrite/findWrittenBody.ts';
import { formatS3Uri } from '../s3Uri.ts';
import { toBrigadeError } from '../toBrigadeError.ts';
import { runTransfer, type Shared, type TransferOptions } from './runTransfer.ts';
import type { FileToUpload, TransferResult, UploadFilesInput } from './transfer.ts';
import { TransferJournal, type TaskJournal } from './transferJournal.ts';
import { uploadInParts, type BegunUpload } from './uploadInParts.ts';

/** From this many bytes on a file is uploaded in parts. */
const IN_PARTS = 8 * 1024 * 1024;

/**
 * Uploads files of this machine, many at a time and large ones in parts. Killed at any point and called
 * again with its journal it goes on with the parts that are there, as long as the file is unchanged.
 * Cancelled, or where one fails, no parts stay behind.
 *
 * @returns what became of each; one that fails does not stop the others, unless they would all fail so
 * @throws BrigadeError where the bucket can't be reached at all
 */
export async function uploadFiles(
  clients: AwsClients,
  { bucket, files, most }: UploadFilesInput,
  taskJournal: TaskJournal | undefined,
  options: TransferOptions = {},
): Promise<TransferResult> {
  const journal = new TransferJournal<BegunUpload>(taskJournal);
  return await runTransfer(files, most, journal, options, async (file, index, shared) => {
    const to = { bucket, key: file.key };
    await call(formatS3Uri(to), { signal: shared.signal }, async () => {
      const client = await clients.s3ForBucket(bucket, shared.signal);
      const { inside, path } = file;
      const opened = await (inside === undefined ? openPlain(path) : openInside(inside, path));
      try {
        const { size, mtimeMs } = await opened.stat();
        if (size < IN_PARTS) {
          await uploadWhole(client, bucket, { file, opened, size }, shared);
          return;
        }
        const source = { path: file.path, opened, size, mtimeMs };
        const keeping = {
          known: journal.part(index),
          keep: (begun: BegunUpload) => journal.keep(index, begun),
        };
        await uploadInParts(client, { ...to, source, isNew: file.isNew }, keeping, shared);
        return;
      } finally {
        await opened.close();
      }
    });
  });
}

/** Deletes the parts of what a task has begun that is not wanted any more. */
export async function discardUploads(
  clients: AwsClients,
  { bucket }: Pick<UploadFilesInput, 'bucket'>,
  taskJournal: TaskJournal,
): Promise<void> {
  const client = await clients.s3ForBucket(bucket);
  for (const { upload } of new TransferJournal<BegunUpload>(taskJournal).parts()) {
    await abortUpload(client, upload);
  }
}

interface Small {
  readonly file: FileToUpload;
  readonly opened: FileHandle;
  readonly size: number;
}

async function uploadWhole(
  client: S3Client,
  bucket: string,
  { file, opened, size }: Small,
  { signal, send, memory, moved }: Shared,
): Promise<void> {
  const { key, isNew } = file;
  await memory.hold(size, async () => {
    const body = await readExactly(opened, 0, size, file.path);
    const put = (onlyNew: boolean) =>
      send(() => putWhole(client, { bucket, key, body }, onlyNew, { signal }));
    await (isNew === true ? putNew(client, { bucket, key, body }, put, { signal }) : put(false));
  });
  moved(size);
}

interface Whole {
  readonly bucket: string;
  readonly key: string;
  readonly body: Buffer;
}

async function putWhole(
  client: S3Client,
  { bucket, key, body }: Whole,
  onlyNew: boolean,
  options: CallOptions,
): Promise<boolean> {
  const type = contentTypeOf(key);
  const input = { Bucket: bucket, Key: key, Body: body, ContentType: type };
  const kind = onlyNew ? 'PutObject if new' : 'PutObject';
  const request = {
    ...{ bucket, key, body },
    headers: { 'content-type': type, ...(onlyNew && { 'if-none-match': '*' }) },
    command: () => new PutObjectCommand({ ...input, ...(onlyNew && { IfNoneMatch: '*' }) }),
  };
  const readers = { lean: () => true, sdk: () => true };
  return await sendLean(client, kind, request, readers, options);
}

/** Writes nothing over what has come to be there, where the service knows conditions. */
async function putNew(
  client: S3Client,
  whole: Whole,
  put: (onlyNew: boolean) => Promise<unknown>,
  options: CallOptions,
): Promise<void> {
  try {
    await put(true);
  } catch (error) {
    const failure = toBrigadeError(error, formatS3Uri(whole));
    if (isNotOffered(failure)) {
      await put(false);
      return;
    }
    if (!isPreconditionFailed(failure)) throw error;
    // A first try whose answer was lost may have written it.
    if (await findWrittenBody(client, { ...whole, not: undefined }, failure, options)) return;
    throw toConditionError(failure, formatS3Uri(whole), true);
  }
}
