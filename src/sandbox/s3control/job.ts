import type { ChecksumAlgorithm, ChecksumType } from '../s3/checksums.ts';
import type { XmlElement } from '../xml.ts';

/** AWS's JobStatus. */
export const JOB_STATUSES = [
  'New',
  'Preparing',
  'Suspended',
  'Ready',
  'Active',
  'Pausing',
  'Paused',
  'Completing',
  'Complete',
  'Cancelling',
  'Cancelled',
  'Failing',
  'Failed',
] as const;
export type JobStatus = (typeof JOB_STATUSES)[number];

/** The statuses from which a caller may cancel a job. */
export const CANCELLABLE: readonly JobStatus[] = [
  'New',
  'Preparing',
  'Suspended',
  'Ready',
  'Active',
  'Pausing',
  'Paused',
];

/** The statuses in which a job stays permanently. */
export const TERMINAL: readonly JobStatus[] = ['Complete', 'Cancelled', 'Failed'];

export interface Tag {
  readonly key: string;
  readonly value: string;
}

export interface LambdaInvoke {
  readonly name: 'LambdaInvoke';
  readonly functionArn: string;
  readonly schemaVersion: '1.0' | '2.0';
  readonly userArguments: Readonly<Record<string, string>> | undefined;
}

export interface S3InitiateRestoreObject {
  readonly name: 'S3InitiateRestoreObject';
  readonly expirationInDays: number;
  readonly tier: 'STANDARD' | 'BULK';
}

/** A CopyObject for each task; what it leaves out is as CopyObject has it. */
export interface S3PutObjectCopy {
  readonly name: 'S3PutObjectCopy';
  /** The members as CreateJob gave them, which DescribeJob gives back. */
  readonly given: readonly XmlElement[];
  /** The name of the bucket that the copies go to. */
  readonly bucket: string;
  /** Before each key, with a slash between them. */
  readonly prefix: string | undefined;
  readonly directive: 'COPY' | 'REPLACE';
  /** What replaces the headers and the metadata of the sources, and the redirect of the copies. */
  readonly headers: Readonly<Record<string, string>>;
  readonly metadata: Readonly<Record<string, string>>;
  /** Undefined keeps the tags of the sources. */
  readonly tags: readonly Tag[] | undefined;
  readonly storageClass: string | undefined;
  /** Whether it names an encryption, which can only be SSE-S3. */
  readonly encrypts: boolean;
  readonly algorithm: ChecksumAlgorithm | undefined;
  /** Dates of HTTP. */
  readonly modifiedSince: string | undefined;
  readonly unmodifiedSince: string | undefined;
}

export interface S3ComputeObjectChecksum {
  readonly name: 'S3ComputeObjectChecksum';
  readonly algorithm: ChecksumAlgorithm | 'MD5';
  readonly type: ChecksumType;
}

export type JobOperation =
  | LambdaInvoke
  | S3PutObjectCopy
  | S3ComputeObjectChecksum
  | { readonly name: 'S3PutObjectTagging'; readonly tags: readonly Tag[] }
  | { readonly name: 'S3DeleteObjectTagging' }
  | S3InitiateRestoreObject;

export type ManifestField = 'Bucket' | 'Key' | 'VersionId' | 'Ignore';

export type ManifestFormat = 'S3BatchOperations_CSV_20180820' | 'S3InventoryReport_CSV_20161130';

export interface JobManifest {
  readonly format: ManifestFormat;
  /** Undefined for an inventory, whose manifest.json names its columns. */
  readonly fields: readonly ManifestField[] | undefined;
  readonly objectArn: string;
  /** As the caller gave it, quotes included. */
  readonly eTag: string;
  readonly versionId: string | undefined;
}

export interface JobReport {
  readonly bucketArn: string;
  readonly prefix: string | undefined;
  readonly scope: 'AllTasks' | 'FailedTasksOnly';
  readonly expectedBucketOwner: string | undefined;
}

/** What CreateJob fixes permanently. */
export interface JobDefinition {
  readonly operation: JobOperation;
  /** Undefined for a job with a generator. */
  readonly manifest: JobManifest | undefined;
  readonly generator?: ManifestGenerator;
  /** Undefined when the report is disabled. */
  readonly report: JobReport | undefined;
  readonly roleArn: string;
  readonly description: string | undefined;
  readonly confirmationRequired: boolean;
}

export interface FailureReason {
  readonly code: string;
  readonly reason: string;
}

/** How far a job is; it moves in the transaction that executes the tasks, so none is done twice. */
export interface JobProgress {
  /** Undefined until the manifest was read. */
  readonly total: number | undefined;
  readonly succeeded: number;
  readonly failed: number;
  /** Milliseconds spent in Active. */
  readonly activeTime: number;
  /** Bytes of the task file that are done, and of both result files that are valid. */
  readonly taskBytes: number;
  readonly succeededBytes: number;
  readonly failedBytes: number;
}

/** Where a manifest that S3 has made lies. */
export interface GeneratedManifest {
  readonly objectArn: string;
  /** Without quotes. */
  readonly eTag: string;
}

export interface Job {
  readonly id: string;
  /** Rises with every job of the account. */
  readonly sequence: number;
  readonly definition: JobDefinition;
  readonly status: JobStatus;
  readonly priority: number;
  readonly created: Date;
  readonly terminated: Date | undefined;
  readonly suspended: Date | undefined;
  readonly statusUpdateReason: string | undefined;
  readonly failureReasons: readonly FailureReason[];
  readonly tags: readonly Tag[];
  readonly progress: JobProgress;
  /** Where the manifest is that S3 has made, if it was to be kept. */
  readonly generatedManifest: GeneratedManifest | undefined;
}

/** `arn:aws:s3:<region>:<account>:job/<id>` */
export function jobArn(accountId: string, jobId: string): string {
  return `arn:aws:s3:us-east-1:${accountId}:job/${jobId}`;
}

/** What CreateJob's S3JobManifestGenerator asks for: the job's objects are a bucket's, by filters. */
export interface ManifestGenerator {
  readonly expectedBucketOwner: string | undefined;
  readonly sourceBucketArn: string;
  /** Undefined when the manifest is not to be kept. */
  readonly output: ManifestOutput | undefined;
  /** As AWS gives it back: the location may be there although nothing is written to it. */
  readonly enableOutput: boolean;
  readonly filter: GeneratorFilter | undefined;
}

export interface ManifestOutput {
  readonly expectedBucketOwner: string | undefined;
  readonly bucketArn: string;
  readonly prefix: string | undefined;
  /** Whether the request named SSE-S3, which every object of the sandbox has. */
  readonly encrypted: boolean;
}

/** An object must satisfy each of them that is there. */
export interface GeneratorFilter {
  /** Times in ISO 8601. */
  readonly createdAfter: string | undefined;
  readonly createdBefore: string | undefined;
  readonly keyNames: KeyNameConstraint | undefined;
  /** In bytes, neither included. */
  readonly sizeGreaterThan: number | undefined;
  readonly sizeLessThan: number | undefined;
  readonly storageClasses: readonly string[] | undefined;
  readonly replicationStatuses: readonly string[] | undefined;
  readonly encryption: string | undefined;
}

/** Lists in which AWS takes one string each. */
export interface KeyNameConstraint {
  readonly prefixes: readonly string[] | undefined;
  readonly suffixes: readonly string[] | undefined;
  readonly substrings: readonly string[] | undefined;
}
