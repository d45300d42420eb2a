/** An object, prefix or (without a key) bucket. Nothing here loads the AWS SDK. */
export interface S3Address {
  readonly bucket: string;
  readonly key?: string;
}

/** Bytes of UTF-8 a key may have. */
export const MAX_KEY_BYTES = 1024;

/** `s3://bucket/key` with the key as it is: the AWS CLI neither encodes nor decodes it. */
export function formatS3Uri({ bucket, key = '' }: S3Address): string {
  return `s3://${bucket}/${key}`;
}

/** Reads `s3://bucket`, `s3://bucket/` or `s3://bucket/key`; undefined for anything else. */
export function parseS3Uri(text: string): S3Address | undefined {
  const match = /^s3:\/\/([^/]+)(?:\/([\s\S]*))?$/i.exec(text);
  const [, bucket, key] = match ?? [];
  return bucket === undefined || !isBucketName(bucket) ? undefined : address(bucket, key);
}

/** `arn:aws:s3:::bucket`. */
export function bucketArn(partition: string, bucket: string): string {
  return `arn:${partition}:s3:::${bucket}`;
}

/** `arn:aws:s3:::bucket/key`, the key unencoded; without a key the bucket's ARN. */
export function objectArn(partition: string, bucket: string, key?: string): string {
  return key === undefined
    ? bucketArn(partition, bucket)
    : `${bucketArn(partition, bucket)}/${key}`;
}

/** Reads a bucket's or object's ARN; undefined for anything else, access points included. */
export function parseS3Arn(text: string): (S3Address & { partition: string }) | undefined {
  const match = /^arn:([^:]+):s3:::([^/:]+)(?:\/([\s\S]*))?$/.exec(text);
  const [, partition, bucket, key] = match ?? [];
  return partition === undefined || bucket === undefined
    ? undefined
    : { partition, ...address(bucket, key) };
}

/**
 * The rules for general purpose bucket names (Amazon S3 user guide, "General purpose bucket naming
 * rules"), the old us-east-1 names with uppercase letters and underscores included: they still
 * exist.
 */
export function isBucketName(name: string): boolean {
  return (
    /^[A-Za-z0-9][A-Za-z0-9._-]{1,253}[A-Za-z0-9]$/.test(name) &&
    !name.includes('..') &&
    !/^\d{1,3}(\.\d{1,3}){3}$/.test(name)
  );
}

/** Directory buckets (S3 Express One Zone) have no versions, tags or events, and keys in no order: not opened here. */
export function isDirectoryBucketName(name: string): boolean {
  return name.endsWith('--x-s3');
}

function address(bucket: string, key: string | undefined): S3Address {
  return key === undefined || key === '' ? { bucket } : { bucket, key };
}

/**
 * Percent-decodes a key in a URL's path.
 *
 * @param plusIsSpace S3 takes a bare `+` of a path for a space, as in a form; other services need not.
 * @returns undefined for what is not UTF-8.
 */
export function decodeKey(path: string, plusIsSpace: boolean): string | undefined {
  try {
    return decodeURIComponent(plusIsSpace ? path.replaceAll('+', ' ') : path);
  } catch {
    return undefined;
  }
}

/** encodeURIComponent leaves !'()* bare, and throws on half a surrogate pair. */
