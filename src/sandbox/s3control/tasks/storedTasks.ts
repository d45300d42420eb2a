import { setImmediate as nextTurn } from 'node:timers/promises';
import { AwsError } from '../../errors.ts';
import type { Principal } from '../../principal.ts';
import type { ObjectAddress } from '../../s3/objects/getObject.ts';
import type { ObjectAccess } from '../../s3/objectAccess.ts';
import type { Job, JobOperation, LambdaInvoke } from '../job.ts';
import type { JobContext } from '../jobContext.ts';
import { assumeJobRole } from '../jobRole.ts';
import type { ResultFiles, TaskOutcome } from './taskOutcomes.ts';
import { failedTask, isOverThreshold, missingVersion, saveOutcomes } from './taskOutcomes.ts';
import { isOutranked, pauseJob, thresholdExceeded } from './runningJob.ts';
import type { RunningJob } from './runningJob.ts';
import { decodeManifestKey, parseTaskLine } from '../manifests/task.ts';
import type { Task, TaskLine } from '../manifests/task.ts';

/** Requests wait no longer than this many milliseconds for a slice of a job. */
const BUDGET = 8;

/** What is done to objects here, in the sandbox's own store. */
export type StoredOperation = Exclude<JobOperation, LambdaInvoke>;

/** Runs the tasks of a job that is done here, until they are over or it has to give way. */
export async function runStoredTasks(
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

interface Slice {
  readonly operation: StoredOperation;
  readonly lines: readonly TaskLine[];
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
  { operation, lines, activeTime }: Slice,
): SliceResult {
  const started = performance.now();
  const role = assumeJobRole(context, job);
  return context.store.transaction(() => {
    const outcomes: TaskOutcome[] = [];
    let { succeeded, failed } = job.progress;
    let bytes = 0;
    for (const line of lines) {
      const task = parseTaskLine(line.text);
      const outcome = runTask(context, role, operation, task, succeeded + failed + 1);
      outcomes.push(outcome);
      bytes += line.bytes;
      if (outcome.status === 'succeeded') succeeded += 1;
      else failed += 1;
      if (isOverThreshold(succeeded, failed) || performance.now() - started > BUDGET) break;
    }
    const overThreshold = saveOutcomes(context, job, results, { outcomes, bytes, activeTime });
    return { done: outcomes.length, overThreshold };
  });
}

/**
 * Does one task as the job's role; what S3 refuses is the task's outcome, not an error.
 * @param number of the task in its job, from 1 on
 */
function runTask(
  { objects, faults }: Pick<JobContext, 'objects' | 'faults'>,
  role: Principal,
  operation: StoredOperation,
  task: Task,
  number: number,
): TaskOutcome {
  if (task.versionId === '') return missingVersion(task);
  const { bucket, versionId } = task;
  const address = { bucket, key: decodeManifestKey(task.rawKey) ?? '', versionId };
  try {
    const fault = faults.taskFault(number);
    if (fault !== undefined) throw fault;
    const httpStatus = runOperation(objects, role, operation, address);
    return { task, status: 'succeeded', httpStatus, errorCode: '', message: 'Successful' };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return failedTask(task, error.status, error.code, error.message);
  }
}

/** @returns the HTTP status that S3 answers */
function runOperation(
  objects: ObjectAccess,
  role: Principal,
  operation: StoredOperation,
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
