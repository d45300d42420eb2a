import type { PutObjectCommandInput } from '@aws-sdk/client-s3';

/** What CopyObject copies by itself, and PutObject and CreateMultipartUpload set back. */
export type KeptHeaders = Pick<
  PutObjectCommandInput,
  | 'CacheControl'
  | 'ContentDisposition'
  | 'ContentEncoding'
  | 'ContentLanguage'
  | 'ContentType'
  | 'Metadata'
>;

/** What all three set back where it is not given. */
export type KeptSettings = Pick<
  PutObjectCommandInput,
  | 'BucketKeyEnabled'
  | 'ObjectLockLegalHoldStatus'
  | 'ObjectLockMode'
  | 'ObjectLockRetainUntilDate'
  | 'SSEKMSKeyId'
  | 'ServerSideEncryption'
  | 'StorageClass'
  | 'WebsiteRedirectLocation'
>;

/** An access control list, likewise; in a bucket that takes none it is empty. */
export type Grants = Pick<
  PutObjectCommandInput,
  'GrantFullControl' | 'GrantRead' | 'GrantReadACP' | 'GrantWriteACP'
>;
