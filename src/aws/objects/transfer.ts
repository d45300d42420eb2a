import type { S3Client } from '@aws-sdk/client-s3';
import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Transform, type TransformCallback } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { call, type CallOptions } from '../call.ts';
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
