import type { CallOptions } from '../call.ts';
import type { ManifestField, ManifestFormat } from './jobManifest.ts';
import type { ManifestProblem, ManifestProblemKind } from './manifestProblems.ts';

/** What a manifest names, and what is wrong with it. */
export interface ManifestSummary {
  readonly bucket: string;
  readonly key: string;
  readonly format: ManifestFormat;
  readonly fields: readonly ManifestField[];
  /** A column that may hold version ids, though they do not look like S3's: a person must say. */
  readonly maybeVersions?: number;
  /** Without quotes, as it was read: CreateJob must be given this one. */
  readonly eTag: string;
  readonly versionId?: string;
  /** Bytes. */
  readonly size: number;
  /** Objects named; undefined where they could not be counted, or it was too much (an inventory). */
  readonly rows?: number;
  /** Rows of a CSV among which the same row was looked for twice; fewer than `rows` in a long one. */
  readonly compared?: number;
  /** Most rows first; the first thousand buckets met. */
  readonly buckets: readonly { readonly bucket: string; readonly rows?: number }[];
  /** The first of them, with row numbers. */
  readonly problems: readonly ManifestProblem[];
  /** All of them. */
  readonly problemCounts: Readonly<Partial<Record<ManifestProblemKind, number>>>;
  /** Of an inventory that was counted. */
  readonly inventory?: {
    readonly files: number;
    /** Files that could not be read: what they name is in no count. */
    readonly notCounted: number;
    /** Versions that are not the latest of their object. */
    readonly noncurrent: number;
  };
  /** Decoded keys of the first rows. */
  readonly sampleKeys: readonly string[];
}

export interface ReadManifestInput {
  readonly bucket: string;
  /** An inventory's `…/manifest.json`, else a CSV. */
  readonly key: string;
  readonly versionId?: string;
}

export interface ReadManifestOptions extends CallOptions {
  /** Bytes read so far and in all. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Problems kept with their row numbers; 100 by default. */
  readonly maxProblems?: number;
  /** Rows among which the same row is looked for twice; 50,000 by default. */
  readonly maxCompared?: number;
}
