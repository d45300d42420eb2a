import {
  AbortMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketVersioningCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { callNaming, type CallOptions } from '../call.ts';
import { toBrigadeError } from '../toBrigadeError.ts';
import { formatS3Uri } from '../s3Uri.ts';

/** Deletes one version of an object for good; without a version as S3 deletes. @throws BrigadeError */
export async function deleteObjectVersion(
  client: S3Client,
  { bucket, key, versionId }: { bucket: string; key: string; versionId?: string },
  options: CallOptions = {},
): Promise<void> {
  const command = new DeleteObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId });
  const action = versionId === undefined ? 's3:DeleteObject' : 's3:DeleteObjectVersion';
  await callNaming(action, formatS3Uri({ bucket, key }), options, () =>
    client.send(command, { abortSignal: options.signal }),
  );
}

export type BucketVersioning = 'Enabled' | 'Suspended' | 'Off';

/**
 * Whether deleting an object of a bucket leaves its versions. S3 answers no status for a bucket that
 * never had versioning.
 *
 * @throws BrigadeError `AccessDenied` (s3:GetBucketVersioning) …
 */
export async function bucketVersioning(
  client: S3Client,
  bucket: string,
  options: CallOptions = {},
): Promise<BucketVersioning> {
  const command = new GetBucketVersioningCommand({ Bucket: bucket });
  const { Status } = await callNaming(
    's3:GetBucketVersioning',
    formatS3Uri({ bucket }),
    options,
    () => client.send(command, { abortSignal: options.signal }),
  );
  return Status ?? 'Off';
}

/**
 * Whether a bucket has nothing in it that would keep S3 from deleting it: no object, no old version,
 * no delete marker.
 *
 * @throws BrigadeError `AccessDenied` (s3:ListBucketVersions) …
 */
export async function isEmptyBucket(
  client: S3Client,
  bucket: string,
  options: CallOptions = {},
): Promise<boolean> {
  return (await listVersions(client, bucket, 1, options)).length === 0;
}

export interface EmptyBucketOptions extends CallOptions {
  /** Versions and markers that are deleted so far. */
  readonly onProgress?: (deleted: number) => void;
}

/**
 * Deletes all that is in a bucket: objects, old versions, delete markers, unfinished uploads.
 *
 * @returns how many versions and markers it deleted
 * @throws BrigadeError the first refusal, `AccessDenied` (s3:ListBucketVersions, s3:DeleteObject,
 *   s3:DeleteObjectVersion, s3:AbortMultipartUpload) …
 */
export async function emptyBucket(
  client: S3Client,
  bucket: string,
  options: EmptyBucketOptions = {},
): Promise<number> {
  await abortUploads(client, bucket, options);
  let deleted = 0;
  for (;;) {
    // Always the first page: what it listed is gone the next time.
    const versions = await listVersions(client, bucket, 1000, options);
    if (versions.length === 0) return deleted;
    const command = new DeleteObjectsCommand({
      Bucket: bucket,
      Delete: { Objects: versions, Quiet: true },
    });
    const output = await callNaming('s3:DeleteObject', formatS3Uri({ bucket }), options, () =>
      client.send(command, { abortSignal: options.signal }),
    );
    for (const { Key: key = '', Code: name, Message: message } of output.Errors ?? []) {
      const facts = { name, message, $metadata: output.$metadata };
      throw toBrigadeError(facts, formatS3Uri({ bucket, key }));
    }
    deleted += versions.length;
    options.onProgress?.(deleted);
  }
}

async function listVersions(
  client: S3Client,
  bucket: string,
  most: number,
  options: CallOptions,
): Promise<{ Key: string; VersionId: string | undefined }[]> {
  const command = new ListObjectVersionsCommand({
    Bucket: bucket,
    MaxKeys: most,
    EncodingType: 'url',
  });
  const output = await callNaming('s3:ListBucketVersions', formatS3Uri({ bucket }), options, () =>
    client.send(command, { abortSignal: options.signal }),
  );
  const decode = (key = ''): string =>
    output.EncodingType === 'url' ? decodeURIComponent(key.replaceAll('+', ' ')) : key;
  return [...(output.Versions ?? []), ...(output.DeleteMarkers ?? [])].map(version => ({
    Key: decode(version.Key),
    VersionId: version.VersionId,
  }));
}

async function abortUploads(client: S3Client, bucket: string, options: CallOptions): Promise<void> {
  const subject = formatS3Uri({ bucket });
  for (;;) {
    const command = new ListMultipartUploadsCommand({ Bucket: bucket });
    const { Uploads: uploads = [] } = await callNaming(
      's3:ListBucketMultipartUploads',
      subject,
      options,
      () => client.send(command, { abortSignal: options.signal }),
    );
    if (uploads.length === 0) return;
    for (const { Key, UploadId } of uploads) {
      const abort = new AbortMultipartUploadCommand({ Bucket: bucket, Key, UploadId });
      await callNaming('s3:AbortMultipartUpload', subject, options, () =>
        client.send(abort, { abortSignal: options.signal }),
      );
    }
  }
}
