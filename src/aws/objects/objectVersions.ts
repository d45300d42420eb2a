import {
  DeleteObjectCommand,
  GetBucketVersioningCommand,
  ListObjectVersionsCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { callWithAction, type CallOptions } from '../call.ts';
import { formatS3Uri } from '../s3Uri.ts';

/**
 * Deletes one version of an object permanently; without a version as S3 deletes.
 * @throws BrigadeError
 */
export async function deleteObjectVersion(
  client: S3Client,
  { bucket, key, versionId }: { bucket: string; key: string; versionId?: string },
  options: CallOptions = {},
): Promise<void> {
  const command = new DeleteObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId });
  const action = versionId === undefined ? 's3:DeleteObject' : 's3:DeleteObjectVersion';
  await callWithAction(action, formatS3Uri({ bucket, key }), options, () =>
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
  const { Status } = await callWithAction(
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
  const command = new ListObjectVersionsCommand({ Bucket: bucket, MaxKeys: 1 });
  const output = await callWithAction(
    's3:ListBucketVersions',
    formatS3Uri({ bucket }),
    options,
    () => client.send(command, { abortSignal: options.signal }),
  );
  return (output.Versions ?? []).length + (output.DeleteMarkers ?? []).length === 0;
}
