import type { S3Client } from '@aws-sdk/client-s3';
import { callError, type CallOptions } from '../call.ts';
import { CsvRecords, type CsvRecord } from '../csvRecords.ts';
import { MAX_ROW } from '../manifest/manifest.ts';
import { openObject } from '../objects/objects.ts';
import { formatS3Uri } from '../s3Uri.ts';

/** A CSV manifest in the state that was checked. */
export interface CheckedManifest {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string;
  /** Without quotes. */
  readonly eTag: string;
}

interface RecordOptions extends CallOptions {
  /** Bytes read so far and in all. */
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * The rows of a CSV manifest, as its bytes come.
 *
 * @throws BrigadeError `Conflict` where it has changed since it was checked; `NotFound` …
 */
export async function* readRecords(
  client: S3Client,
  { bucket, key, versionId, eTag }: CheckedManifest,
  options: RecordOptions,
): AsyncGenerator<CsvRecord> {
  const { body, size } = await openObject(
    client,
    { bucket, key, versionId, ifMatch: eTag },
    options,
  );
  const csv = new CsvRecords({ maxRow: MAX_ROW, acceptsLines: () => false });
  const stop = () => body.destroy(new Error('Cancelled'));
  options.signal?.addEventListener('abort', stop, { once: true });
  let done = 0;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      yield* csv.push(chunk);
      done += chunk.length;
      options.onProgress?.(done, size);
    }
    yield* csv.end();
  } catch (error) {
    throw callError(error, formatS3Uri({ bucket, key }), options);
  } finally {
    options.signal?.removeEventListener('abort', stop);
    body.destroy();
  }
}
