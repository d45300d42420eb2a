import type { ManifestObject } from '../manifest/jobManifest.ts';
import type { ObjectSelection } from './selection.ts';

export interface CreateManifestInput {
  readonly selection: ObjectSelection;
  /** Where the manifest is written; an object that is there already is never replaced. */
  readonly bucket: string;
  readonly key: string;
}

export interface CreateManifestProgress {
  /** Objects and versions looked at since the task began or was continued. */
  readonly seen: number;
  /** Rows written so far, those of before a continuation included. */
  readonly rows: number;
  /** Seconds since the task began or was continued. */
  readonly seconds: number;
}

/** A manifest for `createJob`. */
export interface CreatedManifest extends ManifestObject {
  readonly rows: number;
  /** Bytes. */
  readonly size: number;
  /** The buckets of its objects with their rows, most rows first; the first thousand met. */
  readonly buckets: readonly { readonly bucket: string; readonly rows: number }[];
}
