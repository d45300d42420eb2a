import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  type CompletedPart,
  type CreateMultipartUploadCommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { call } from '../call.ts';
import { BrigadeError } from '../errors.ts';
import { formatS3Uri } from '../s3Uri.ts';
import { contentTypeOf } from './contentType.ts';
import { unquoted } from './listing.ts';
import {
  abandonUpload,
  abortLeftovers,
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
 * after one part has failed the others would go on to the end of the body. So the client it gets
 * hands the signal on, and the first failure stops the rest. It also notes what S3 was told.
 */
function guardUpload(
  client: S3Client,
  { bucket, key, body }: UploadInput,
  { signal, journal }: UploadOptions,
) {
  const stop = new AbortController();
  let failure: unknown;
  let begun: MultipartUpload | undefined;
  let completing: readonly CompletedPart[] | undefined;
  const onAbort = () => fail(signal?.reason);
  const fail = (error: unknown) => {
    failure ??= error;
    stop.abort(error);
    if (body instanceof Readable) {
      body.destroy(error instanceof Error ? error : undefined);
    }
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

/**
 * After CompleteMultipartUpload gave no answer, or one that a second try gets when the first was done
 * (404 NoSuchUpload): the object, if it is the one of these parts.
 */
async function findCompleted(
  client: S3Client,
  { bucket, key }: { readonly bucket: string; readonly key: string },
  parts: readonly CompletedPart[],
  failure: unknown,
): Promise<{ eTag: string; versionId?: string } | undefined> {
  if (!(failure instanceof BrigadeError)) return undefined;
  const { code, awsCode = '' } = failure;
  if (code !== 'Network' && !/^(NoSuchUpload|Internal.*)$/.test(awsCode)) return undefined;
  try {
    const head = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
    const eTag = unquoted(head.ETag) ?? '';
    return eTag === eTagOf(parts) ? { eTag, versionId: head.VersionId } : undefined;
  } catch {
    return undefined;
  }
}

/** S3's ETag of an object in parts: the MD5 of theirs, and how many they are. */
function eTagOf(parts: readonly CompletedPart[]): string {
  const md5 = createHash('md5');
  for (const { ETag } of parts) md5.update(Buffer.from(unquoted(ETag) ?? '', 'hex'));
  return `${md5.digest('hex')}-${parts.length}`;
}
