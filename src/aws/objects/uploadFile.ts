import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  type CompletedPart,
  type CreateMultipartUploadCommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { Readable } from 'node:stream';
import { call } from '../call.ts';
import { formatS3Uri } from '../s3Uri.ts';
import { contentTypeOf } from './contentType.ts';
import { unquoted } from './listing.ts';
import {
  abandonUpload,
  abortLeftovers,
  findCompleted,
  type MultipartUpload,
  type UploadJournal,
} from './multipartUploads.ts';
import type { TransferOptions } from './transfer.ts';

export interface UploadInput {
  readonly bucket: string;
  readonly key: string;
  /** A stream is read once, and destroyed when the upload fails or is cancelled. */
  readonly body: Readable | Uint8Array;
  /** Bytes, for a stream: sizes the parts, and is the total of the progress. */
  readonly size?: number;
  /** By the key's ending when absent. */
  readonly contentType?: string;
  /** S3's own keys, whatever key the bucket's objects have by default. */
  readonly encryption?: 'AES256';
  /** Fails with `Conflict` where there is an object already. */
  readonly onlyIfNew?: boolean;
}

export interface UploadOptions extends TransferOptions {
  readonly journal?: UploadJournal;
}

const MIB = 1024 * 1024;
const PART_SIZE = 8 * MIB;
/** S3's limit of parts. */
const MAX_PARTS = 10_000;
/** Parts are held in memory while they are sent. */
const MAX_HELD_BYTES = 128 * MIB;

/**
 * Uploads a body of up to 5 TiB; in parts from 8 MiB on, of which a failure or cancellation leaves
 * none behind. When the last answer is lost, the object is looked at before it is called a failure.
 *
 * @throws BrigadeError `Cancelled`, `Network`, `AccessDenied` …, with the reason `UnfinishedUpload` when
 *   parts are still in the bucket
 */
export async function uploadFile(
  client: S3Client,
  input: UploadInput,
  options: UploadOptions = {},
): Promise<{ eTag: string; versionId?: string }> {
  const { bucket, key, body } = input;
  const { journal, signal, onProgress } = options;
  const total = body instanceof Readable ? input.size : body.byteLength;
  const partSize = partSizeFor(total ?? 0);
  const guard = guardUpload(client, input, options);
  try {
    return await call(formatS3Uri(input), options, async () => {
      await abortLeftovers(client, bucket, journal);
      signal?.throwIfAborted();
      const upload = new Upload({
        client: guard.client,
        params: {
          Bucket: bucket,
          Key: key,
          Body: body,
          ContentType: input.contentType ?? contentTypeOf(key),
          ServerSideEncryption: input.encryption,
          // Sent with the single PUT, or with what completes an upload in parts.
          IfNoneMatch: input.onlyIfNew === true ? '*' : undefined,
        },
        partSize,
        queueSize: Math.max(1, Math.min(4, Math.floor(MAX_HELD_BYTES / partSize))),
        // They are deleted below, with a word when they can't be.
        leavePartsOnError: true,
      });
      upload.on('httpUploadProgress', ({ loaded }) => onProgress?.(loaded ?? 0, total));
      const output = await upload.done().catch((error: unknown) => {
        throw guard.failure() ?? error;
      });
      guard.end();
      return { eTag: unquoted(output.ETag) ?? '', versionId: output.VersionId };
    });
  } catch (error) {
    const completed = await guard.findCompleted(error);
    if (completed) return completed;
    const begun = guard.begun();
    if (begun) return await abandonUpload(client, begun, error, journal);
    throw error;
  } finally {
    guard.dispose();
  }
}

/** As small as memory likes, as big as 10,000 parts need. */
function partSizeFor(total: number): number {
  return Math.max(PART_SIZE, Math.ceil(total / MAX_PARTS / MIB) * MIB);
}

/**
 * lib-storage gives its requests no signal: a cancelled single PUT would still make the object, and
 * after one part has failed the others would continue to the end of the body. So the client it gets
 * hands the signal on, and the first failure stops the rest. It also notes what S3 was told.
 */
function guardUpload(
  client: S3Client,
  { bucket, key, body }: UploadInput,
  { signal, journal }: UploadOptions,
) {
  // It may fail before anything reads it, or when all of it has been read: nobody else hears of that then.
  if (body instanceof Readable) body.on('error', () => undefined);
  const stop = new AbortController();
  let failure: unknown;
  let begun: MultipartUpload | undefined;
  let completing: readonly CompletedPart[] | undefined;
  const onAbort = () => fail(signal?.reason);
  const fail = (error: unknown) => {
    failure ??= error;
    stop.abort(error);
    if (body instanceof Readable) body.destroy(error instanceof Error ? error : undefined);
  };
  const send = async (command: Parameters<S3Client['send']>[0]): Promise<unknown> => {
    if (command instanceof CompleteMultipartUploadCommand) {
      completing = command.input.MultipartUpload?.Parts;
    }
    try {
      const output = await client.send(command, { abortSignal: stop.signal });
      if (command instanceof CreateMultipartUploadCommand) {
        const { UploadId: uploadId = '' } = output as CreateMultipartUploadCommandOutput;
        begun = { bucket, key, uploadId };
        journal?.begin(begun);
      }
      return output;
    } catch (error) {
      fail(error);
      throw error;
    }
  };
  signal?.addEventListener('abort', onAbort, { once: true });
  return {
    client: Object.create(client, { send: { value: send } }) as S3Client,
    failure: () => failure,
    begun: () => begun,
    end: () => begun && journal?.end(begun),
    findCompleted: async (error: unknown) => {
      const done = completing && (await findCompleted(client, { bucket, key }, completing, error));
      if (done && begun) journal?.end(begun);
      return done;
    },
    dispose: () => signal?.removeEventListener('abort', onAbort),
  };
}
