import type { Clock } from '../clock.ts';
import type { AwsError } from '../errors.ts';
import type { RoleTable } from '../iam/roleTable.ts';
import type { ObjectAccess } from '../s3/objectAccess.ts';
import type { Store } from '../store.ts';
import type { JobTable } from './jobTable.ts';

/** What jobs, and the operations on them, need. */
export interface JobContext {
  readonly accountId: string;
  readonly clock: Clock;
  readonly store: Store;
  readonly iam: RoleTable;
  readonly jobs: JobLanes;
  readonly objects: ObjectAccess;
  readonly functions: FunctionCaller;
  readonly faults: TaskFaults;
  readonly log: (line: string) => void;
}

/** Faults of tasks that someone has asked for. */
export interface TaskFaults {
  /** @param number of the task in its job, from 1 on */
  taskFault(number: number): AwsError | undefined;
  /** Milliseconds after a job's end in which its report is not whole yet. */
  readonly reportDelay: number;
}

/** Reports whose manifest.json comes after the end of their jobs. */
export interface ReportQueue {
  /** @param delay in milliseconds from now on */
  add(id: string, delay: number, results: readonly ReportResult[]): void;
}

/** A file of a report as manifest.json lists it. */
export interface ReportResult {
  readonly TaskExecutionStatus: 'succeeded' | 'failed';
  readonly Bucket: string;
  readonly MD5Checksum: string;
  readonly Key: string;
}

/** What moves jobs through their life, as those see it that it moves. */
export interface JobLanes {
  readonly table: JobTable;
  /** Milliseconds that every task waits first, so that a job can be watched; 0 runs at full speed. */
  readonly taskDelay: number;
  /** Bytes after which a report continues in another file. */
  readonly reportFileSize: number;
  readonly lateReports: ReportQueue;
  readonly stopping: boolean;
  /** Says that a job has changed. */
  wake(): void;
  /** Calls a listener whenever a job has changed; answers how to stop that. */
  onWake(listener: () => void): () => void;
  /** Waits by the sandbox's clock, or until something has changed. */
  pause(ms: number): Promise<void>;
}

/** Runs a function and waits for its result: all that jobs know of Lambda. */
export interface FunctionCaller {
  /** @throws AwsError when it can't be run now; the signal's AbortError */
  invoke(invocation: {
    readonly functionName: string;
    readonly payload: Buffer;
    readonly signal: AbortSignal;
  }): Promise<{ readonly payload: Buffer; readonly functionError?: string }>;
}
