import type { IAMClient } from '@aws-sdk/client-iam';
import type { S3Client } from '@aws-sdk/client-s3';
import type { S3ControlClient } from '@aws-sdk/client-s3-control';
import type { STSClient } from '@aws-sdk/client-sts';

export interface CallerIdentity {
  readonly accountId: string;
  readonly arn: string;
  readonly userId: string;
  /** `aws`, `aws-cn` …: the second part of every ARN of this account. */
  readonly partition: string;
}

/**
 * The SDK clients of one connection and account. They are built on first use and live until
 * `destroy()`.
 */
export interface AwsClients {
  readonly region: string;
  readonly accountId: string;
  readonly partition: string;
  s3(region?: string): S3Client;
  /** The S3 client of the Region a bucket lives in; the Region is looked up once. */
  s3ForBucket(bucket: string, signal?: AbortSignal): Promise<S3Client>;
  s3Control(): S3ControlClient;
  iam(): IAMClient;
  sts(): STSClient;
  destroy(): void;
}
