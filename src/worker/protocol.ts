import type { CallerIdentity } from '../aws/clients.ts';
import type { ClientSettings } from '../aws/connection/clientSettings.ts';
import type { CopyCounts, CopyInput, CopyResult } from '../aws/copies/copies.ts';
import type { CopyPlan, PlanInput, PlanProgress } from '../aws/copies/planCopies.ts';
import type { CountForDeletionInput, DeletionCount } from '../aws/deletion/countForDeletion.ts';
import type { DeleteObjectsInput, DeleteObjectsResult } from '../aws/deletion/deleteObjects.ts';
import type { DeletionProgress } from '../aws/deletion/deletionRun.ts';
import type {
  EmptyBucketInput,
  EmptyBucketProgress,
  EmptyBucketResult,
} from '../aws/deletion/emptyBucket.ts';
import type {
  UndoDeleteInput,
  UndoDeleteProgress,
  UndoDeleteResult,
} from '../aws/deletion/undoDelete.ts';
import type { ErrorFacts } from '../aws/errorFacts.ts';
import type { ExportRowsInput } from '../aws/report/exportRows.ts';
import type { ReportSummary } from '../aws/report/indexFiles.ts';
import type { IndexProgress, IndexReportInput } from '../aws/report/indexReport.ts';
import type { QueryReportInput, QueryResult } from '../aws/report/queryReport.ts';
import type { RetryManifest, RetryManifestInput } from '../aws/report/retryManifest.ts';
import type { FindObjectsInput, FindProgress } from '../aws/find/findTask.ts';
import type {
  CheckManifestInput,
  CheckProgress,
  ManifestCheck,
} from '../aws/manifestCheck/checkManifest.ts';
import type {
  CorrectedManifest,
  CorrectionProgress,
  CorrectManifestInput,
} from '../aws/manifestCheck/correctManifest.ts';
import type {
  ChangeStorageClassInput,
  StorageClassProgress,
  StorageClassResult,
} from '../aws/properties/changeStorageClass.ts';
import type {
  CreatedManifest,
  CreateManifestInput,
  CreateManifestProgress,
} from '../aws/selection/manifestTask.ts';
import type { SyncFolderProgress, SyncFolderResult } from '../aws/sync/syncFolder.ts';
import type {
  CompareFolderInput,
  CompareProgress,
  SyncFolderInput,
  SyncSummary,
} from '../aws/sync/syncPlan.ts';
import type { ChangeTagsInput } from '../aws/tagChanges/changeTags.ts';
import type { DirectProgress, DirectResult } from '../aws/tagChanges/directEngine.ts';
import type {
  PreviewProgress,
  PreviewTagsInput,
  TagPreview,
} from '../aws/tagChanges/previewTags.ts';
import type {
  CreatedUndoManifest,
  CreateUndoManifestInput,
} from '../aws/tagUndo/createUndoManifest.ts';
import type { PreviewUndoInput } from '../aws/tagUndo/previewUndo.ts';
import type { UndoTagsInput } from '../aws/tagUndo/undoTags.ts';
import type {
  DownloadFilesInput,
  TransferProgress,
  TransferResult,
  UploadFilesInput,
} from '../aws/transfers/transfer.ts';

/**
 * What the worker can be asked to do. Everything is plain JSON: it is sent from process to process,
 * and an input is written down, so that it holds no secrets.
 */
export interface Tasks {
  checkManifest: {
    input: CheckManifestInput;
    progress: CheckProgress;
    result: ManifestCheck;
  };
  correctManifest: {
    input: CorrectManifestInput;
    progress: CorrectionProgress;
    result: CorrectedManifest;
  };
  createManifest: {
    input: CreateManifestInput;
    progress: CreateManifestProgress;
    result: CreatedManifest;
  };
  changeTags: { input: ChangeTagsInput; progress: DirectProgress; result: DirectResult };
  undoTags: { input: UndoTagsInput; progress: DirectProgress; result: DirectResult };
  /** Counts what would be copied or moved, and what is in its way. */
  planCopies: { input: PlanInput; progress: PlanProgress; result: CopyPlan };
  copyObjects: { input: CopyInput; progress: CopyCounts; result: CopyResult };
  previewTags: { input: PreviewTagsInput; progress: PreviewProgress; result: TagPreview };
  createUndoManifest: {
    input: CreateUndoManifestInput;
    progress: { rows: number };
    result: CreatedUndoManifest;
  };
  /** Files of this machine to objects, and the other way. */
  uploadFiles: { input: UploadFilesInput; progress: TransferProgress; result: TransferResult };
  downloadFiles: { input: DownloadFilesInput; progress: TransferProgress; result: TransferResult };
  previewUndo: { input: PreviewUndoInput; progress: PreviewProgress; result: TagPreview };
  /** Of all objects of a selection; what is changed stays so when it is called off. */
  changeStorageClass: {
    input: ChangeStorageClassInput;
    progress: StorageClassProgress;
    result: StorageClassResult;
  };
  /** Objects that match a filter, into a file; the result is the last progress. */
  findObjects: { input: FindObjectsInput; progress: FindProgress; result: FindProgress };
  /** What a sync would do, as a file with a line for each file. */
  compareFolder: { input: CompareFolderInput; progress: CompareProgress; result: SyncSummary };
  /** What such a file says. */
  syncFolder: { input: SyncFolderInput; progress: SyncFolderProgress; result: SyncFolderResult };
  /** A completion report to disk, for its table. */
  indexReport: { input: IndexReportInput; progress: IndexProgress; result: ReportSummary };
  /** The rows of an index that fit; progress in rows. */
  queryReport: { input: QueryReportInput; progress: number; result: QueryResult };
  /** Rows of an index to a local CSV; progress and result in rows. */
  exportRows: { input: ExportRowsInput; progress: number; result: number };
  /** What failed of a report as a manifest; progress in rows. */
  writeRetryManifest: { input: RetryManifestInput; progress: number; result: RetryManifest };
  countForDeletion: {
    input: CountForDeletionInput;
    progress: DeletionCount;
    result: DeletionCount;
  };
  deleteObjects: {
    input: DeleteObjectsInput;
    progress: DeletionProgress;
    result: DeleteObjectsResult;
  };
  undoDelete: { input: UndoDeleteInput; progress: UndoDeleteProgress; result: UndoDeleteResult };
  emptyBucket: {
    input: EmptyBucketInput;
    progress: EmptyBucketProgress;
    result: EmptyBucketResult;
  };
}

export type TaskName = keyof Tasks;

/**
 * Tasks that are continued when their window was closed meanwhile: what they did so far counts, or must
 * be undone. Any other ends with its window.
 */
export const LASTING_TASKS: ReadonlySet<TaskName> = new Set([
  'createManifest',
  'changeTags',
  'undoTags',
  'copyObjects',
  'changeStorageClass',
  'deleteObjects',
  'undoDelete',
  'emptyBucket',
  'uploadFiles',
  'downloadFiles',
  'syncFolder',
]);

/** What clients are made of in the worker; their credentials are asked of the host. */
export interface WorkerSession {
  /** `Session.key`. */
  readonly key: string;
  /** The host's name for its provider of credentials. */
  readonly id: number;
  readonly region: string;
  readonly endpoint?: string;
  readonly settings?: ClientSettings;
  /** Whether documents get a Content-MD5. */
  readonly md5: boolean;
  readonly identity: CallerIdentity;
}

export interface TaskOrder {
  /** Of the task, and of its folder in the journal. */
  readonly id: string;
  readonly session: WorkerSession;
}

export interface NewTask {
  readonly name: TaskName;
  readonly title: string;
  readonly input: unknown;
}

/** A credential as the SDK takes it, as JSON. */
export interface PlainCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export type ToWorker =
  /** Without `task` it must be in the journal. */
  | ({ readonly kind: 'run'; readonly task?: NewTask } & TaskOrder)
  | { readonly kind: 'cancel'; readonly id: string }
  /** Begins nothing more until it is said otherwise; of tasks that can wait. */
  | { readonly kind: 'pause'; readonly id: string; readonly isPaused: boolean }
  /** Undoes what an unfinished task left, and forgets it. */
  | ({ readonly kind: 'discard' } & TaskOrder)
  | {
      readonly kind: 'credentials';
      readonly request: number;
      readonly credentials?: PlainCredentials;
      readonly error?: ErrorFacts;
    };

export type FromWorker =
  /** The task is in the journal: from now on it can be continued. */
  | { readonly kind: 'begun'; readonly id: string }
  | { readonly kind: 'progress'; readonly id: string; readonly progress: unknown }
  | { readonly kind: 'done'; readonly id: string; readonly result: unknown }
  | {
      readonly kind: 'failed';
      readonly id: string;
      readonly error: ErrorFacts;
      /** It is still in the journal. */
      readonly kept: boolean;
      /** How far a kept one came, where it says so: as the result of its name. */
      readonly result?: unknown;
    }
  | { readonly kind: 'credentials'; readonly request: number; readonly session: number };
