import { GetObjectCommand, type GetObjectCommandOutput, type S3Client } from '@aws-sdk/client-s3';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { call } from '../call.ts';
import { BrigadeError } from '../errors.ts';
import type { AwsClients } from '../clients.ts';
import type { LeanAnswer } from '../leanRequests/leanRequest.ts';
import { sendLean, wholeBody } from '../leanRequests/sendLean.ts';
import { LocalFolder } from '../objects/localFolder.ts';
import { formatS3Uri } from '../s3Uri.ts';
import { checksumIn, isIntact, type SentChecksum } from './checksums.ts';
import { downloadInRanges, setTime, type BegunDownload } from './downloadInRanges.ts';
import { runTransfer, type Shared, type TransferOptions } from './runTransfer.ts';
import type { DownloadFilesInput, FileToDownload, TransferResult } from './transfer.ts';
import { TransferJournal, type TaskJournal } from './transferJournal.ts';

/** From this many bytes on an object is downloaded in ranges. */
const IN_RANGES = 8 * 1024 * 1024;

/**
 * Downloads objects into files, many at a time and large ones in ranges. Each file gets its name when all
 * of it is there and what S3 says of its checksum holds. Killed at any point and called again with its
 * journal it goes on with the ranges that are there, as long as the object is the same. A failure or
 * cancellation leaves what was there before and nothing else.
 *
 * @returns what became of each; one that fails does not stop the others, unless they would all fail so
 */
export async function downloadFiles(
  clients: AwsClients,
  { files, most }: DownloadFilesInput,
  taskJournal: TaskJournal | undefined,
  options: TransferOptions = {},
): Promise<TransferResult> {
  const journal = new TransferJournal<BegunDownload>(taskJournal);
  const folders = new Map(
    files.map(({ folder }) => [folder, new LocalFolder(folder, FOLDERS_OPEN)]),
  );
  const move: Move = async (file, index, shared) => {
    const { signal } = shared;
    await call(formatS3Uri(file), { signal }, async () => {
      const client = await clients.s3ForBucket(file.bucket, signal);
      const folder = folders.get(file.folder) as LocalFolder;
      if (file.size < IN_RANGES && (await downloadWhole(client, file, folder, shared))) return;
      const keeping = {
        known: journal.part(index),
        keep: (begun: BegunDownload) => journal.keep(index, begun),
      };
      await downloadInRanges(client, { file, folder }, keeping, shared);
    });
  };
  try {
    return await runTransfer(files, most, journal, options, move);
  } finally {
    await Promise.all([...folders.values()].map(folder => folder.close()));
  }
}

type Move = (file: FileToDownload, index: number, shared: Shared) => Promise<void>;

/** Folders that are kept open, as more files will be written into them. */
const FOLDERS_OPEN = 64;

/** Deletes the unfinished files of a task that is not wanted any more. */
export async function discardDownloads(taskJournal: TaskJournal): Promise<void> {
  for (const { file, partial } of new TransferJournal<BegunDownload>(taskJournal).parts()) {
    await new LocalFolder(file.folder).discard(file.names, partial);
  }
}

/** Answers false for an object that is larger than was known. */
async function downloadWhole(
  client: S3Client,
  file: FileToDownload,
  folder: LocalFolder,
  { signal, send, memory, moved }: Shared,
): Promise<boolean> {
  const { bucket, key, versionId, modified } = file;
  const request = {
    ...{ bucket, key },
    ...(versionId !== undefined && { query: { versionId } }),
    command: () => new GetObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId }),
  };
  const readers = {
    lean: async (answer: LeanAnswer) => {
      if (Number(answer.headers['content-length'] ?? 0) >= IN_RANGES) return TOO_LARGE;
      const body = await checkedBody(answer, signal);
      if (!(body instanceof Doubtful)) return body;
      doubtful = body;
      return undefined;
    },
    // The SDK has checked it, but for its MD5.
    sdk: async ({ Body, ContentLength = 0 }: GetObjectCommandOutput) => {
      if (ContentLength >= IN_RANGES) {
        (Body as Readable).destroy();
        return TOO_LARGE;
      }
      const body = await buffer(Body as Readable);
      await doubtful?.compare(body);
      return body;
    },
  };
  let doubtful: Doubtful | undefined;
  return await memory.hold(file.size, async () => {
    const kind = versionId === undefined ? 'GetObject' : 'GetObject version';
    const body = await send(() => sendLean(client, kind, request, readers, { signal }));
    if (body === TOO_LARGE) return false;
    signal.throwIfAborted();
    await folder.writeFile(file.names, async opened => {
      await opened.writeFile(body);
      await setTime(opened, modified);
    });
    moved(body.length);
    return true;
  });
}

const TOO_LARGE = 'too large';

/** A body that does not have the MD5 that its ETag seems to be. */
class Doubtful {
  readonly #body: Buffer;
  readonly #sent: SentChecksum;

  constructor(body: Buffer, sent: SentChecksum) {
    this.#body = body;
    this.#sent = sent;
  }

  /**
   * The same bytes twice are the object: of some services an ETag only looks like an MD5.
   *
   * @throws BrigadeError `Network`
   */
  async compare(again: Buffer): Promise<void> {
    if (this.#body.equals(again) || (await isIntact(again, this.#sent))) return;
    throw new BrigadeError('Network', 'What has arrived is not the object: its checksum differs');
  }
}

/** Undefined where it is not whole, or can only be checked by the SDK, which then gets it again. */
async function checkedBody(
  answer: LeanAnswer,
  signal: AbortSignal,
): Promise<Buffer | Doubtful | undefined> {
  const { headers } = answer;
  try {
    const body = await wholeBody(answer);
    const length = headers['content-length'];
    if (length !== undefined && Number(length) !== body.length) return undefined;
    const checksum = checksumIn(headers);
    if (checksum && (await isIntact(body, checksum))) return body;
    if (checksum) return checksum.algorithm === 'MD5' ? new Doubtful(body, checksum) : undefined;
    // Of its parts' checksums the SDK makes nothing either.
    const hasOther = Object.entries(headers).some(
      ([name, value]) => OTHER_CHECKSUM.test(name) && !value.includes('-'),
    );
    return hasOther ? undefined : body;
  } catch (error) {
    if (signal.aborted) throw error;
    return undefined;
  }
}

const OTHER_CHECKSUM = /^x-amz-checksum-(?!type$)/;
