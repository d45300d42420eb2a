import type { AwsClients } from '../aws/clients.ts';
import type { Journal } from './journal.ts';
import type { TaskName, Tasks } from './protocol.ts';

/** What a task works with. */
export interface TaskContext {
  /** Of the session that asked for it, or of one of the same key when it is continued. */
  readonly clients: AwsClients;
  readonly journal: Pick<Journal, 'folder' | 'entry' | 'checkpoint' | 'save'>;
}

export interface TaskOptions<Progress> {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
  /** To be awaited before anything new is begun, by a task that can be paused. */
  readonly ready: () => Promise<void>;
}

/**
 * Does the work. It may be killed at any moment and is then called again with what `journal.checkpoint()`
 * says: what is in there must not be done twice, all else may have been done or not.
 */
export type Task<N extends TaskName> = (
  context: TaskContext,
  input: Tasks[N]['input'],
  options: TaskOptions<Tasks[N]['progress']>,
) => Promise<Tasks[N]['result']>;

/** Undoes what a task that is cancelled, refused or unwanted has left. */
export type Discard<N extends TaskName> = (
  context: TaskContext,
  input: Tasks[N]['input'],
) => Promise<void>;
