import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Services } from '../sandboxServices.ts';
import type { Job } from './job.ts';
import { JobFailure } from './jobFailure.ts';
import { jobFolder } from './jobFolder.ts';
import { TASK_FILE } from './prepareJob.ts';
import { ResultFiles } from './resultFiles.ts';
import { runSlice } from './runSlice.ts';
import { TaskReader } from './taskFile.ts';

/**
 * Runs a job from where it stands until its tasks are over (Completing), it fails (Failing), it is
 * cancelled, a job of higher priority wants its place (Paused), or the sandbox stops (it stays Active).
 */
export async function executeJob(services: Services, { id, progress }: Job): Promise<void> {
  const { table } = services.jobs;
  table.update(id, { status: 'Active' });
  const folder = jobFolder(services.store, id);
  const reader = await TaskReader.open(join(folder, TASK_FILE), progress.taskBytes);
  const results = new ResultFiles(folder);
  try {
    await runTasks(services, id, reader, results);
  } catch (error) {
    if (!(error instanceof JobFailure)) throw error;
    const { code, reason } = error;
    table.update(id, { status: 'Failing', failureReasons: [{ code, reason }] });
  } finally {
    results.close();
    await reader.close();
  }
}

async function runTasks(
  services: Services,
  id: string,
  reader: TaskReader,
  results: ResultFiles,
): Promise<void> {
  const { clock, jobs } = services;
  let since = clock.now().getTime();
  for (;;) {
    const lines = await reader.peek();
    const due = lines.length === 0 ? 0 : since + jobs.taskDelay;
    const early = due - clock.now().getTime();
    if (early > 0) await jobs.pause(early);
    // Read anew after every wait: in the meantime it may have been cancelled or given a priority.
    const job = jobs.table.find(id);
    if (job?.status !== 'Active' || jobs.stopping) return;
    if (lines.length === 0) {
      jobs.table.update(id, { status: 'Completing' });
      return;
    }
    if (isOutranked(services, job)) {
      jobs.table.update(id, { status: 'Pausing' });
      await nextTurn();
      pauseJob(services, id);
      return;
    }
    const now = clock.now().getTime();
    if (now < due) continue;
    const slice = jobs.taskDelay > 0 ? lines.slice(0, 1) : lines;
    const { done, overThreshold } = runSlice(services, job, slice, results, now - since);
    since = now;
    reader.advance(done);
    if (overThreshold) throw thresholdExceeded();
    await nextTurn();
  }
}

/** AWS gives a job's place to a job of higher priority that is ready. */
function isOutranked({ jobs }: Services, job: Job): boolean {
  const next = jobs.table.foremost(['Ready', 'Paused']);
  return next !== undefined && next.priority > job.priority;
}

function pauseJob({ jobs }: Services, id: string): void {
  if (jobs.table.find(id)?.status === 'Pausing') jobs.table.update(id, { status: 'Paused' });
}

function thresholdExceeded(): JobFailure {
  return new JobFailure(
    'TaskFailureThresholdExceeded',
    'More than 50 percent of at least 1000 tasks failed.',
  );
}
