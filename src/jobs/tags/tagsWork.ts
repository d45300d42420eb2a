import type {
  DirectProgress,
  DirectResult,
  ReportPlace,
} from '../../aws/tagChanges/directEngine.ts';
import type { TagPreview } from '../../aws/tagChanges/previewTags.ts';
import type { PageAction } from '../../vscode/page/protocol.ts';

/** What is to be done to the tags of many objects: a change, or the undoing of one. */
export interface TagsWork {
  readonly title: string;
  /** What is changed and where, in words. */
  readonly facts: readonly { readonly term: string; readonly value: string }[];
  /** The bucket of the objects or of the report: the first choice for the new report. */
  readonly bucket: string;
  /** The button that begins it. */
  readonly action: string;
  /** Other ways to do the same. */
  readonly others?: readonly (PageAction & { readonly run: () => Promise<void> })[];
  /** Previews the change for so many objects, or for all. @throws BrigadeError */
  readonly preview: (limit?: number) => Promise<TagPreview>;
  /** What a preview calls attention to. */
  readonly note?: (preview: TagPreview) => string | undefined;
  /**
   * Asks whether it is to be done so.
   *
   * @returns what does it
   * @throws BrigadeError `Cancelled`
   */
  readonly confirm: (preview: TagPreview, report: ReportPlace) => Promise<TagsStart>;
}

/** Does the work. @throws BrigadeError */
export type TagsStart = (onProgress: (progress: DirectProgress) => void) => Promise<DirectResult>;
