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
