import type { S3Client } from '@aws-sdk/client-s3';
import { Transform, type TransformCallback } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { call, type CallOptions } from '../call.ts';
import type { LocalFolder } from './localFolder.ts';
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
  /** Nothing is written outside of it. */
  readonly folder: LocalFolder;
  /** Of the folders on the way from there, and of the file; it is replaced when all bytes are there. */
  readonly names: readonly string[];
}

/**
 * Downloads an object of any size into a file, as `LocalFolder.write` does: a failure or cancellation
 * leaves what was there before and nothing else.
 *
 * @throws BrigadeError `Conflict` when the object is not the one of `eTag`, `Network` when the
 *   connection broke, `LinkInTheWay`, `DiskFull`, `Cancelled` …
 */
export async function downloadFile(
  client: S3Client,
  input: DownloadInput,
  options: TransferOptions = {},
): Promise<{ size: number; eTag: string }> {
  const { bucket, key, versionId, eTag, folder, names } = input;
  const object = await openObject(client, { bucket, key, versionId, ifMatch: eTag }, options);
  // It may break before it is read from, and nobody else listens yet; the pipeline then says so.
  object.body.on('error', () => undefined);
  return call(formatS3Uri(input), options, async () => {
    try {
      const meter = new ByteMeter(done => options.onProgress?.(done, object.size));
      await folder.write(names, file =>
        pipeline(object.body, meter, file, { signal: options.signal }),
      );
    } finally {
      object.body.destroy();
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
