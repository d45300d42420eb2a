import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { JobContext } from './jobContext.ts';
import { InvokedTasks } from './invokeTasks.ts';
import type { Job } from './job.ts';
import { JobFailure } from './jobFailure.ts';
import { jobFolder } from './jobFolder.ts';
import { isOutranked, pauseJob, thresholdExceeded } from './jobTurns.ts';
import { TASK_FILE } from './prepareJob.ts';
import { ResultFiles } from './resultFiles.ts';
import type { RunningJob } from './runningJob.ts';
import { runSlice } from './runSlice.ts';
import type { StoredOperation } from './runTask.ts';
import { TaskReader } from './task.ts';

/**
 * Runs a job from where it stands until its tasks are over (Completing), it fails (Failing), it is
 * cancelled, a job of higher priority wants its place (Paused), or the sandbox stops (it stays Active).
 */
export async function executeJob(
  context: JobContext,
  { id, definition, progress }: Job,
): Promise<void> {
  const { table } = context.jobs;
  table.update(id, { status: 'Active' });
  const folder = jobFolder(context.store, id);
  const reader = await TaskReader.open(join(folder, TASK_FILE), progress.taskBytes);
  const results = new ResultFiles(folder);
  try {
    const { operation } = definition;
    const job = { id, reader, results };
    if (operation.name === 'LambdaInvoke') {
      await new InvokedTasks(context, { ...job, operation }).run();
    } else {
      await runTasks(context, { ...job, operation });
    }
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
  context: JobContext,
  { id, operation, reader, results }: RunningJob<StoredOperation>,
): Promise<void> {
  const { clock, jobs } = context;
  let since = clock.elapsed();
  for (;;) {
    const lines = await reader.peek();
    const due = lines.length === 0 ? 0 : since + jobs.taskDelay;
    const early = due - clock.elapsed();
    if (early > 0) await jobs.pause(early);
    // Read anew after every wait: in the meantime it may have been cancelled or given a priority.
    const job = jobs.table.find(id);
    if (job?.status !== 'Active' || jobs.stopping) return;
    if (lines.length === 0) {
      jobs.table.update(id, { status: 'Completing' });
      return;
    }
    if (isOutranked(context, job)) {
      jobs.table.update(id, { status: 'Pausing' });
      await nextTurn();
      pauseJob(context, id);
      return;
    }
    const now = clock.elapsed();
    if (now < due) continue;
    const slice = jobs.taskDelay > 0 ? lines.slice(0, 1) : lines;
    const { done, overThreshold } = runSlice(context, job, results, {
      operation,
      lines: slice,
      activeTime: Math.round(now - since),
    });
    since = now;
    reader.advance(done);
    if (overThreshold) throw thresholdExceeded();
    await nextTurn();
  }
}
