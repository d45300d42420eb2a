import type { ErrorFacts } from '../errorFacts.ts';
import type { MultipartUpload } from '../objects/multipartUploads.ts';

/** A local file to become one object. */
export interface FileToUpload {
  /** Its real path: no part of it is a link, unless it may be one `inside` of a folder. */
  readonly path: string;
  /** Links are followed that lead nowhere out of this folder. */
  readonly inside?: string;
  readonly key: string;
  /** Bytes when it was planned. */
  readonly size: number;
  /** There was no such object when it was planned: one that there is since is not overwritten. */
  readonly isNew?: boolean;
}

export interface UploadFilesInput {
  readonly bucket: string;
  readonly files: readonly FileToUpload[];
  /** Requests at a time, at most. */
  readonly most: number;
}

/** An object to become one local file. */
export interface FileToDownload {
  readonly bucket: string;
  readonly key: string;
  /** Bytes; 0 where it is not known beforehand. */
  readonly size: number;
  readonly versionId?: string;
  /** The time that the file gets, in milliseconds since 1970; else it is now. */
  readonly modified?: number;
  /** Nothing is written outside of it. */
  readonly folder: string;
  /** Of the folders on the way from there, and of the file. */
  readonly names: readonly string[];
}

export interface DownloadFilesInput {
  readonly files: readonly FileToDownload[];
  readonly most: number;
}

export interface TransferProgress {
  /** Files that have come to their end, good or bad. */
  readonly finished: number;
  /** Bytes moved. */
  readonly bytes: number;
}

/** What became of the files, by their place in the input. */
export interface TransferResult {
  readonly done: readonly number[];
  readonly failed: readonly { readonly index: number; readonly error: ErrorFacts }[];
  /** Not done: it was called off, or `stoppedBy`. */
  readonly left: readonly number[];
  /** What every other file would have met as well. */
  readonly stoppedBy?: ErrorFacts;
  readonly isCancelled: boolean;
  /** Parts that could not be deleted. */
  readonly leftUploads: readonly MultipartUpload[];
}
