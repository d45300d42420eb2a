import type { FileNameRules } from '../objects/fileNames.ts';

/** `up`: a folder to S3; `down`: S3 to a folder. */
export type SyncDirection = 'up' | 'down';

/**
 * What makes a file and an object of the same size differ, as `aws s3 sync` has it. `time`: up, a file
 * newer than the object; down, a file newer than the object, too (a download sets the file's time to the
 * object's). `exactTime` (`--exact-timestamps`): down, any other time. `sizeOnly` (`--size-only`): nothing.
 */
export type SyncComparison = 'time' | 'exactTime' | 'sizeOnly';

export interface SyncPlace {
  readonly direction: SyncDirection;
  readonly bucket: string;
  /** Empty, or ending in `/`. */
  readonly prefix: string;
  /** The path of the local folder. */
  readonly folder: string;
}

export interface CompareFolderInput extends SyncPlace {
  readonly comparison: SyncComparison;
  /** What the local file system can't take. */
  readonly rules: FileNameRules;
  /** Where the plan is written: a line of JSON (`PlanItem`) for each file. */
  readonly planFile: string;
}

/** A plan that was agreed to. */
export interface SyncFolderInput extends SyncPlace {
  /** See `CompareFolderInput`; it is copied when the work begins. */
  readonly planFile: string;
  readonly isDeleting: boolean;
  /** Where what was not done is written, as a plan. */
  readonly restFile: string;
  /** What of the plan is meant. */
  readonly total: { readonly items: number; readonly bytes: number };
  /** Requests at a time, at most. */
  readonly most: number;
}

/** Whether a sync does an item of the plan: deletions only if `isDeleting`. */
export function isIncluded({ action }: PlanItem, isDeleting: boolean): boolean {
  return isDeleting || action === 'copy';
}

/** One file of a plan. */
export interface PlanItem {
  readonly action: 'copy' | 'delete';
  /** Below the folder and the prefix, with `/`. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Of the object, in milliseconds since 1970: a downloaded file gets it. */
  readonly modified?: number;
}

/** Why something is left out. */
export type SkipReason =
  /** A key with a segment that no file can have, such as `..`. */
  | 'noFileName'
  /** A file is where the key needs a folder. */
  | 'fileInTheWay'
  /** Two keys are one file here, because names ignore case. */
  | 'sameName'
  /** A name that is no Unicode, or longer than a key may be. */
  | 'noKey'
  /** A link that leads out of the folder, in a circle or nowhere; down: any link. */
  | 'link'
  | 'special'
  | 'unreadable';

/** So many of each are named; all are counted. */
export const MAX_NAMED = 20;

export interface SyncCount {
  readonly count: number;
  readonly bytes: number;
  readonly first: readonly { readonly path: string; readonly size: number }[];
}

/** What a sync would do. */
export interface SyncSummary {
  readonly created: SyncCount;
  readonly changed: SyncCount;
  /** Only at the target. Of no effect unless it is asked for. */
  readonly deleted: SyncCount;
  readonly same: SyncCount;
  readonly skipped: {
    readonly count: number;
    readonly first: readonly { readonly path: string; readonly reason: SkipReason }[];
  };
}

export interface CompareProgress {
  readonly files: number;
  readonly objects: number;
}
