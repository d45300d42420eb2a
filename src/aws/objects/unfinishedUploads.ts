import {
  AbortMultipartUploadCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  type ChecksumAlgorithm,
  type Part,
  type S3Client,
} from '@aws-sdk/client-s3';
import { callWithAction, type CallOptions } from '../call.ts';
import { BrigadeError } from '../errors.ts';
import { formatS3Uri } from '../s3Uri.ts';
import type { MultipartUpload } from './multipartUploads.ts';

/** An upload in parts that was neither completed nor aborted: its parts are paid for, and unseen. */
export interface UnfinishedUpload extends MultipartUpload {
  readonly initiated?: Date;
  /** Who began it: a display name where S3 tells one, else an ARN or canonical user ID. */
  readonly initiator?: string;
  readonly storageClass?: string;
}

/**
 * The unfinished uploads of a bucket, page by page, in S3's order: by key, then by when they began.
 *
 * @throws BrigadeError `AccessDenied` (s3:ListBucketMultipartUploads) …
 */
export async function* listUnfinishedUploads(
  client: S3Client,
  bucket: string,
  options: CallOptions & { readonly pageSize?: number } = {},
): AsyncGenerator<readonly UnfinishedUpload[]> {
  let marker: { KeyMarker?: string; UploadIdMarker?: string } | undefined = {};
  while (marker) {
    const command: ListMultipartUploadsCommand = new ListMultipartUploadsCommand({
      ...{ Bucket: bucket, EncodingType: 'url', MaxUploads: options.pageSize },
      ...marker,
    });
    const output = await callWithAction(
      's3:ListBucketMultipartUploads',
      formatS3Uri({ bucket }),
      options,
      () => client.send(command, { abortSignal: options.signal }),
    );
    const decode = output.EncodingType === 'url' ? decodeListed : (key: string) => key;
    yield (output.Uploads ?? []).map(upload => ({
      ...{ bucket, key: decode(upload.Key ?? ''), uploadId: upload.UploadId ?? '' },
      ...{ initiated: upload.Initiated, storageClass: upload.StorageClass },
      initiator: upload.Initiator?.DisplayName ?? upload.Initiator?.ID,
    }));
    const { NextKeyMarker, NextUploadIdMarker: UploadIdMarker, IsTruncated } = output;
    marker =
      IsTruncated && NextKeyMarker !== undefined
        ? { KeyMarker: decode(NextKeyMarker), UploadIdMarker }
        : undefined;
  }
}

/** S3 writes a space of a listed key as `+` and a plus as `%2B`. */
function decodeListed(encoded: string): string {
  return decodeURIComponent(encoded.replaceAll('+', ' '));
}

export interface UploadedParts {
  /** By their number. */
  readonly parts: readonly Part[];
  /** What each part, and what completes the upload, has to carry; absent where none was chosen. */
  readonly checksumAlgorithm?: ChecksumAlgorithm;
}

/**
 * The parts that S3 has of an upload.
 *
 * @throws BrigadeError `NotFound` when it was completed or aborted meanwhile, `AccessDenied`
 *   (s3:ListMultipartUploadParts) …
 */
export async function listUploadedParts(
  client: S3Client,
  upload: MultipartUpload,
  options: CallOptions = {},
): Promise<UploadedParts> {
  const parts: Part[] = [];
  let checksumAlgorithm: ChecksumAlgorithm | undefined;
  let marker: string | undefined;
  do {
    const command: ListPartsCommand = new ListPartsCommand({
      ...{ Bucket: upload.bucket, Key: upload.key, UploadId: upload.uploadId },
      PartNumberMarker: marker,
    });
    const output = await callWithAction(
      's3:ListMultipartUploadParts',
      formatS3Uri(upload),
      options,
      () => client.send(command, { abortSignal: options.signal }),
    );
    parts.push(...(output.Parts ?? []));
    checksumAlgorithm = output.ChecksumAlgorithm;
    marker = output.IsTruncated ? output.NextPartNumberMarker : undefined;
  } while (marker !== undefined);
  return { parts, checksumAlgorithm };
}

/**
 * Deletes the parts of an upload. One that is gone already counts as done.
 *
 * @throws BrigadeError `AccessDenied` (s3:AbortMultipartUpload) …
 */
export async function abortUpload(
  client: S3Client,
  upload: MultipartUpload,
  options: CallOptions = {},
): Promise<void> {
  const command = new AbortMultipartUploadCommand({
    ...{ Bucket: upload.bucket, Key: upload.key, UploadId: upload.uploadId },
  });
  try {
    await callWithAction('s3:AbortMultipartUpload', formatS3Uri(upload), options, () =>
      client.send(command, { abortSignal: options.signal }),
    );
  } catch (error) {
    if (!(error instanceof BrigadeError) || error.awsCode !== 'NoSuchUpload') throw error;
  }
}
