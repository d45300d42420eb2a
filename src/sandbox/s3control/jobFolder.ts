import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Store } from '../store.ts';
import type { JobContext } from './jobContext.ts';
import { TERMINAL } from './job.ts';

/** In a job's folder: its tasks, one a line. */
export const TASK_FILE = 'tasks.jsonl';

/** In the folder of a job that has ended, while its report is not whole yet. */
export const LATE_REPORT = 'late-report.json';

export function jobsFolder({ directory }: Pick<Store, 'directory'>): string {
  return join(directory, 'jobs');
}

/** Where a job keeps its tasks and results until it has ended. */
export function jobFolder(store: Pick<Store, 'directory'>, jobId: string): string {
  return join(jobsFolder(store), jobId);
}

/** Removes the folders of jobs that have ended, which a kill or the time limits have left behind. */
export function sweepFolders({ store, jobs }: Pick<JobContext, 'store' | 'jobs'>): void {
  const root = jobsFolder(store);
  mkdirSync(root, { recursive: true, mode: 0o700 });
  for (const id of readdirSync(root)) {
    const job = jobs.table.find(id);
    const folder = jobFolder(store, id);
    const isUsed = job !== undefined && !TERMINAL.includes(job.status);
    if (isUsed || (job !== undefined && existsSync(join(folder, LATE_REPORT)))) continue;
    rmSync(folder, { recursive: true, force: true });
  }
}
