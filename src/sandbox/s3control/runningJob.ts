import type { JobOperation } from './job.ts';
import type { ResultFiles } from './resultFiles.ts';
import type { TaskReader } from './task.ts';

/** A job that is being run. */
export interface RunningJob<Operation extends JobOperation> {
  readonly id: string;
  readonly operation: Operation;
  readonly reader: TaskReader;
  readonly results: ResultFiles;
}
