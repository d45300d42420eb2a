import { AbortMultipartUploadCommand, type S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Readable, Transform, type TransformCallback } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { call, type CallOptions } from '../call.ts';
import { contentTypeOf } from './contentType.ts';
import { unquoted } from './listing.ts';
import { openObject } from './objects.ts';
import { formatS3Uri } from '../s3Uri.ts';

export interface TransferOptions extends CallOptions {
  /** Bytes sent or received so far, and in all where that is known. */
  readonly onProgress?: (done: number, total?: number) => void;
}

export interface DownloadInput {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string;
  /** Without quotes: an object that has changed since is a `Conflict`. */
  readonly eTag?: string;
  /** The file to write; replaced only when all bytes are there. */
  readonly path: string;
}

/**
 * Downloads an object of any size into a file. It is written beside its final place and renamed, so
 * that a failure or cancellation leaves what was there before and nothing else.
 *
 * @throws BrigadeError `Conflict` when the object is not the one of `eTag`, `Network` when the
 *   connection broke, `Cancelled` …
 */
export async function downloadFile(
  client: S3Client,
  input: DownloadInput,
  options: TransferOptions = {},
): Promise<{ size: number; eTag: string }> {
  const { bucket, key, versionId, eTag, path } = input;
  const object = await openObject(client, { bucket, key, versionId, ifMatch: eTag }, options);
  // A character takes up to three bytes of the 255 that a name may have.
  const partial = join(dirname(path), `.${basename(path).slice(0, 60)}.${randomUUID()}.part`);
  return call(formatS3Uri(input), options, async () => {
    try {
      await pipeline(
        object.body,
        new ByteMeter(done => options.onProgress?.(done, object.size)),
        createWriteStream(partial, { flags: 'wx' }),
        { signal: options.signal },
      );
      await rename(partial, path);
    } catch (error) {
      object.body.destroy();
      await rm(partial, { force: true });
      throw error;
    }
    return { size: object.size, eTag: object.eTag };
  });
}

class ByteMeter extends Transform {
  readonly #onBytes: (done: number) => void;
  #done = 0;

  constructor(onBytes: (done: number) => void) {
    super();
    this.#onBytes = onBytes;
  }

  override _transform(chunk: Buffer, _encoding: string, done: TransformCallback): void {
    this.#done += chunk.length;
    this.#onBytes(this.#done);
    done(null, chunk);
  }
}

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

const MIB = 1024 * 1024;
const PART_SIZE = 8 * MIB;
/** S3's limit of parts. */
const MAX_PARTS = 10_000;
/** Parts are held in memory while they are sent. */
const MAX_HELD_BYTES = 128 * MIB;

/**
 * Uploads a body of up to 5 TiB; in parts from 8 MiB on, of which a failure or cancellation leaves
 * none behind.
 *
 * @throws BrigadeError `Cancelled`, `Network`, `AccessDenied` …
 */
export async function uploadFile(
  client: S3Client,
  input: UploadInput,
  options: TransferOptions = {},
): Promise<{ eTag: string; versionId?: string }> {
  const { bucket, key, body } = input;
  const total = body instanceof Readable ? input.size : body.byteLength;
  const partSize = partSizeFor(total ?? 0);
  return call(formatS3Uri(input), options, async () => {
    const guard = guardUpload(client, body, options.signal);
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
    });
    upload.on('httpUploadProgress', ({ loaded }) => options.onProgress?.(loaded ?? 0, total));
    try {
      const output = await upload.done();
      return { eTag: unquoted(output.ETag) ?? '', versionId: output.VersionId };
    } catch (error) {
      throw guard.failure() ?? error;
    } finally {
      guard.dispose();
    }
  });
}

/** As small as memory likes, as big as 10,000 parts need. */
function partSizeFor(total: number): number {
  return Math.max(PART_SIZE, Math.ceil(total / MAX_PARTS / MIB) * MIB);
}

/**
 * lib-storage gives its requests no signal: a cancelled single PUT would still make the object, and
 * after one part has failed the others would go on to the end of the body. So the client it gets
 * hands the signal on, and the first failure stops the rest; lib-storage then aborts the multipart
 * upload before it throws.
 */
function guardUpload(client: S3Client, body: Readable | Uint8Array, signal?: AbortSignal) {
  const stop = new AbortController();
  let failure: unknown;
  const onAbort = () => fail(signal?.reason);
  const fail = (error: unknown) => {
    failure ??= error;
    stop.abort(error);
    if (body instanceof Readable) {
      body.destroy(error instanceof Error ? error : undefined);
    }
  };
  const send = async (command: Parameters<S3Client['send']>[0]): Promise<unknown> => {
    if (command instanceof AbortMultipartUploadCommand) {
      return client.send(command);
    }
    try {
      return await client.send(command, { abortSignal: stop.signal });
    } catch (error) {
      fail(error);
      throw error;
    }
  };
  signal?.addEventListener('abort', onAbort, { once: true });
  return {
    client: Object.create(client, { send: { value: send } }) as S3Client,
    failure: () => failure,
    dispose: () => signal?.removeEventListener('abort', onAbort),
  };
}
