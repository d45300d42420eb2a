import {
  ListMultipartUploadsCommand,
  type ListMultipartUploadsCommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { callWithAction, recoverFrom, type CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { isNotOffered } from '../objects/rewrite/bucketRules.ts';
import { formatS3Uri } from '../s3Uri.ts';
import { readSelection } from '../selection/readSelection.ts';
import type { ObjectSelection } from '../selection/selection.ts';

export interface DeletionCount {
  /** Current objects; what is listed without versions is current. */
  readonly objects: number;
  /** Noncurrent versions. */
  readonly versions: number;
  readonly markers: number;
  /** Of objects and versions. */
  readonly bytes: number;
  /** Unfinished uploads; undefined where they may not be listed, or can't be. */
  readonly uploads?: number;
  /** The first keys met, for a summary. */
  readonly samples: readonly string[];
}

export interface CountForDeletionInput {
  readonly selections: readonly ObjectSelection[];
  /** A bucket whose unfinished uploads count too. */
  readonly uploadsOf?: string;
}

export interface CountOptions extends CallOptions {
  readonly onProgress?: (count: DeletionCount) => void;
}

const SAMPLES = 10;

/**
 * Counts all that a delete would be about, however much it is.
 *
 * @throws BrigadeError `AccessDenied` (s3:ListBucket, s3:ListBucketVersions), `NotFound`, `Cancelled` …
 */
export async function countForDeletion(
  clients: AwsClients,
  { selections, uploadsOf }: CountForDeletionInput,
  { signal, onProgress }: CountOptions = {},
): Promise<DeletionCount> {
  const counts = { objects: 0, versions: 0, markers: 0, bytes: 0 };
  const samples: string[] = [];
  for (const selection of selections) {
    for await (const refs of readSelection(clients, selection, { signal })) {
      for (const { key, size = 0, latest, deleteMarker } of refs) {
        if (deleteMarker) counts.markers += 1;
        else if (latest === false) counts.versions += 1;
        else counts.objects += 1;
        counts.bytes += size;
        if (samples.length < SAMPLES) samples.push(key);
      }
      onProgress?.({ ...counts, samples });
    }
  }
  if (uploadsOf === undefined) return { ...counts, samples };
  const client = await clients.s3ForBucket(uploadsOf, signal);
  const uploads = await recoverFrom(['AccessDenied'], undefined, async () => {
    let count = 0;
    for await (const page of listUploads(client, uploadsOf, { signal })) count += page.length;
    return count;
  }).catch((error: unknown) => {
    if (isNotOffered(error)) return undefined;
    throw error;
  });
  return { ...counts, samples, ...(uploads !== undefined && { uploads }) };
}

/** An upload in parts that is not finished. */
export interface UnfinishedUpload {
  readonly key: string;
  readonly uploadId: string;
}

/** All unfinished uploads of a bucket, page by page. @throws BrigadeError `AccessDenied` … */
export async function* listUploads(
  client: S3Client,
  bucket: string,
  { signal }: CallOptions,
): AsyncGenerator<readonly UnfinishedUpload[]> {
  let keyMarker: string | undefined;
  let idMarker: string | undefined;
  for (;;) {
    const command = new ListMultipartUploadsCommand({
      ...{ Bucket: bucket, EncodingType: 'url' },
      ...{ KeyMarker: keyMarker, UploadIdMarker: idMarker },
    });
    const subject = formatS3Uri({ bucket });
    const output: ListMultipartUploadsCommandOutput = await callWithAction(
      's3:ListBucketMultipartUploads',
      subject,
      { signal },
      () => client.send(command, { abortSignal: signal }),
    );
    const decode = (text = ''): string =>
      output.EncodingType === 'url' ? decodeURIComponent(text.replaceAll('+', ' ')) : text;
    yield (output.Uploads ?? []).map(({ Key, UploadId = '' }) => ({
      key: decode(Key),
      uploadId: UploadId,
    }));
    if (!output.IsTruncated || output.NextKeyMarker === undefined) return;
    keyMarker = decode(output.NextKeyMarker);
    idMarker = output.NextUploadIdMarker;
  }
}
