/** What a job goes over: a manifest it is given, or one that S3 makes. Nothing here loads the SDK. */

export type ManifestFormat = 'S3BatchOperations_CSV_20180820' | 'S3InventoryReport_CSV_20161130';
export type ManifestField = 'Bucket' | 'Key' | 'VersionId' | 'Ignore';

/** An object that names the job's objects. */
export interface ManifestObject {
  readonly bucket: string;
  readonly key: string;
  /** As it was read; the job fails when the object no longer has it. */
  readonly eTag: string;
  readonly versionId?: string;
  readonly format: ManifestFormat;
  /** The columns; not sent for an inventory's manifest.json. */
  readonly fields: readonly ManifestField[];
}

/** Has S3 find the job's objects itself when it prepares the job: nobody lists millions of keys. */
export interface ManifestGenerator {
  /** In the Region of the job. */
  readonly sourceBucket: string;
  /** What keys must begin with; all keys when absent. */
  readonly prefix?: string;
  /** What keys must end with, case-sensitive. S3 takes one suffix at most. */
  readonly suffix?: string;
  /** What keys must contain, case-sensitive. */
  readonly contains?: string;
  /** Both included. */
  readonly minBytes?: number;
  readonly maxBytes?: number;
  /** ISO 8601: not before, and before. */
  readonly modifiedAfter?: string;
  readonly modifiedBefore?: string;
  /** Any of them, by S3's names. */
  readonly storageClasses?: readonly string[];
  /** Where S3 puts the manifest it makes; absent: it keeps none. */
  readonly output?: { readonly bucket: string; readonly prefix?: string };
}

/** The manifest a job was made from, or the one that S3 made for it. */
export interface JobManifestLocation {
  readonly bucket: string;
  readonly key: string;
  /** Without quotes. */
  readonly eTag: string;
  readonly versionId?: string;
  readonly format: string;
  /** The columns of a CSV manifest; empty for an inventory's. */
  readonly fields: readonly string[];
}

/** A generator as DescribeJob tells it. */
export interface JobGenerator extends ManifestGenerator {
  /** Filters of the generator that `ManifestGenerator` has no place for, by AWS's names. */
  readonly otherFilters: readonly string[];
}

/** Whether S3 makes the manifest itself. */
export function isGenerator<Generator extends { readonly sourceBucket: string }>(
  manifest: object | Generator,
): manifest is Generator {
  return 'sourceBucket' in manifest;
}
