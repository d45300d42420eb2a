import { join } from 'node:path';
import type { JobContext } from '../jobContext.ts';
import { InvokedTasks } from './invokeTasks.ts';
import type { Job } from '../job.ts';
import { JobFailure } from '../jobFailure.ts';
import { TASK_FILE, jobFolder } from '../jobFolder.ts';
import { ResultFiles } from './taskOutcomes.ts';
import { runStoredTasks } from './storedTasks.ts';
import { TaskReader } from '../manifests/task.ts';

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
      await runStoredTasks(context, { ...job, operation });
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
