import { setImmediate as nextTurn } from 'node:timers/promises';
import { AwsError } from '../../errors.ts';
import type { Principal } from '../../principal.ts';
import type { ObjectAddress } from '../../s3/objects/getObject.ts';
import type { ObjectAccess } from '../../s3/objectAccess.ts';
import type { Job, JobOperation, LambdaInvoke } from '../job.ts';
import type { JobContext } from '../jobContext.ts';
import { assumeJobRole } from '../jobRole.ts';
import type { ResultFiles, TaskOutcome } from './taskOutcomes.ts';
import {
  failedTask,
  isOverThreshold,
  missingVersion,
  saveOutcomes,
  succeededTask,
} from './taskOutcomes.ts';
import { TaskPreparer, isPrepared } from './preparedTasks.ts';
import type { PreparedOperation } from './preparedTasks.ts';
import type { ReadyTask } from './readyTask.ts';
import { isOutranked, pauseJob, thresholdExceeded } from './runningJob.ts';
import type { RunningJob } from './runningJob.ts';
import { decodeManifestKey, parseTaskLine } from '../manifests/task.ts';
import type { Task, TaskLine } from '../manifests/task.ts';

/** Requests wait no longer than this many milliseconds for a slice of a job. */
const BUDGET = 8;

/** What is done to objects here, in the sandbox's own store. */
export type StoredOperation = Exclude<JobOperation, LambdaInvoke>;
/** What a transaction can do without waiting. */
type SimpleOperation = Exclude<StoredOperation, PreparedOperation>;

/** Runs the tasks of a job that is done here, until they are over or it has to give way. */
export async function runStoredTasks(
  context: JobContext,
  { id, operation, reader, results }: RunningJob<StoredOperation>,
): Promise<void> {
  const { clock, jobs } = context;
  const ready = readiness(context, id, operation);
  let since = clock.elapsed();
  for (;;) {
    const lines = await reader.peek();
    const due = lines.length === 0 ? 0 : since + jobs.taskDelay;
    const early = due - clock.elapsed();
    if (early > 0) await jobs.pause(early);
    // Read again after every wait: in the meantime it may have been cancelled or given a priority.
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
    const tasks = await ready.tasks(job, slice);
    if (tasks === undefined) continue;
    const activeTime = Math.round(clock.elapsed() - since);
    since += activeTime;
    const { budget } = ready;
    const { done, overThreshold } = runSlice(context, job, results, { tasks, budget, activeTime });
    reader.advance(done);
    if (overThreshold) throw thresholdExceeded();
    await nextTurn();
  }
}

interface Readiness {
  /** Milliseconds that one transaction may take. */
  readonly budget: number;
  /** The next tasks; undefined when the job may not continue. */
  tasks(job: Job, lines: readonly TaskLine[]): Promise<readonly ReadyTask[] | undefined>;
}

/** What was prepared is done in one go: what a transaction leaves would have to be read again. */
function readiness(context: JobContext, id: string, operation: StoredOperation): Readiness {
  if (!isPrepared(operation)) {
    const tasks: Readiness['tasks'] = (job, lines) =>
      Promise.resolve(readyTasks(context, job, operation, lines));
    return { budget: BUDGET, tasks };
  }
  const preparer = new TaskPreparer(context, id, operation);
  return {
    budget: Number.POSITIVE_INFINITY,
    tasks: (job, lines) => preparer.prepare(job, lines),
  };
}

interface Slice {
  readonly tasks: readonly ReadyTask[];
  /** Milliseconds after which the rest waits for another slice. */
  readonly budget: number;
  /** Milliseconds to add to the job's time in Active. */
  readonly activeTime: number;
}

interface SliceResult {
  /** How many of the lines were done. */
  readonly done: number;
  /** Whether the job has failed by AWS's threshold. */
  readonly overThreshold: boolean;
}

/**
 * Runs tasks until the time is up, in one transaction with the job's progress: after a kill every task
 * is either done and counted, or neither. The rows of the report are written before the commit, at the
 * position that the progress then covers.
 */
function runSlice(
  context: JobContext,
  job: Job,
  results: ResultFiles,
  { tasks, budget, activeTime }: Slice,
): SliceResult {
  const started = performance.now();
  const outcomes: TaskOutcome[] = [];
  try {
    const overThreshold = context.store.transaction(() => {
      let { succeeded, failed } = job.progress;
      let bytes = 0;
      for (const task of tasks) {
        const outcome = task.finish();
        outcomes.push(outcome);
        bytes += task.bytes;
        if (outcome.status === 'succeeded') succeeded += 1;
        else failed += 1;
        if (isOverThreshold(succeeded, failed) || performance.now() - started > budget) break;
      }
      return saveOutcomes(context, job, results, { outcomes, bytes, activeTime });
    });
    for (const task of tasks.slice(outcomes.length)) task.discard?.();
    return { done: outcomes.length, overThreshold };
  } catch (error) {
    for (const task of tasks) task.discard?.();
    throw error;
  }
}

function readyTasks(
  context: JobContext,
  job: Job,
  operation: SimpleOperation,
  lines: readonly TaskLine[],
): ReadyTask[] {
  const role = assumeJobRole(context, job);
  const { succeeded, failed } = job.progress;
  return lines.map(({ text, bytes }, index) => ({
    bytes,
    finish: () =>
      runTask(context, role, operation, parseTaskLine(text), succeeded + failed + index + 1),
  }));
}

/**
 * Does one task as the job's role; what S3 refuses is the task's outcome, not an error.
 * @param number of the task in its job, from 1 on
 */
function runTask(
  { objects, faults }: Pick<JobContext, 'objects' | 'faults'>,
  role: Principal,
  operation: SimpleOperation,
  task: Task,
  number: number,
): TaskOutcome {
  if (task.versionId === '') return missingVersion(task);
  const { bucket, versionId } = task;
  const address = { bucket, key: decodeManifestKey(task.rawKey) ?? '', versionId };
  try {
    const fault = faults.taskFault(number);
    if (fault !== undefined) throw fault;
    return succeededTask(task, runOperation(objects, role, operation, address));
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return failedTask(task, error.status, error.code, error.message);
  }
}

/** @returns the HTTP status that S3 answers */
function runOperation(
  objects: ObjectAccess,
  role: Principal,
  operation: SimpleOperation,
  address: ObjectAddress,
): number {
  if (operation.name === 'S3DeleteObjectTagging') objects.deleteTags(role, address);
  else if (operation.name === 'S3PutObjectTagging') {
    objects.putTags(role, { ...address, tags: operation.tags });
  } else {
    const { expirationInDays: days, tier } = operation;
    const restore = { ...address, days, tier: tier === 'BULK' ? 'Bulk' : 'Standard' } as const;
    return objects.restore(role, restore).status;
  }
  return 200;
}
