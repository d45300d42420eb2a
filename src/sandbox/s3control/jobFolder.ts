import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Store } from '../store.ts';
import type { JobContext } from './jobContext.ts';
import { TERMINAL } from './job.ts';

/** In a job's folder: its tasks, one a line. */
export const TASK_FILE = 'tasks.jsonl';

/** Where a job keeps its tasks and results until it has ended. */
export function jobFolder(store: Pick<Store, 'directory'>, jobId: string): string {
  return join(store.directory, 'jobs', jobId);
}

/** Removes the folders of jobs that have ended, which a kill or the time limits have left behind. */
export function sweepFolders({ store, jobs }: Pick<JobContext, 'store' | 'jobs'>): void {
  const root = join(store.directory, 'jobs');
  mkdirSync(root, { recursive: true, mode: 0o700 });
  for (const id of readdirSync(root)) {
    const job = jobs.table.find(id);
    if (job !== undefined && !TERMINAL.includes(job.status)) continue;
    rmSync(jobFolder(store, id), { recursive: true, force: true });
  }
}
