import type { RolePrincipal } from '../../principal.ts';
import type { Job, JobOperation, S3ComputeObjectChecksum, S3PutObjectCopy } from '../job.ts';
import type { JobContext } from '../jobContext.ts';
import { assumeJobRole } from '../jobRole.ts';
import { decodeManifestKey, parseTaskLine } from '../manifests/task.ts';
import type { TaskLine } from '../manifests/task.ts';
import { checksumTask } from './checksumTask.ts';
import { copyTask } from './copyTask.ts';
import type { BegunTask, ReadyTask } from './readyTask.ts';
import { missingVersion } from './taskOutcomes.ts';

/** What has to read bytes before a transaction can do it. */
export type PreparedOperation = S3PutObjectCopy | S3ComputeObjectChecksum;

export function isPrepared(operation: JobOperation): operation is PreparedOperation {
  return operation.name === 'S3PutObjectCopy' || operation.name === 'S3ComputeObjectChecksum';
}

/** How many tasks are prepared for one transaction; small objects are in memory until then. */
const MAX_BATCH = 64;
/** How many of them at a time. */
const PARALLEL = 8;

/** Reads the bytes for the next tasks of a job. */
export class TaskPreparer {
  private readonly context: JobContext;
  private readonly jobId: string;
  private readonly operation: PreparedOperation;

  constructor(context: JobContext, jobId: string, operation: PreparedOperation) {
    this.context = context;
    this.jobId = jobId;
    this.operation = operation;
  }

  /**
   * @returns the tasks of the first of these lines; undefined when the job may not continue
   *   meanwhile
   * @throws JobFailure when the role is gone
   */
  async prepare(job: Job, lines: readonly TaskLine[]): Promise<ReadyTask[] | undefined> {
    const role = assumeJobRole(this.context, job);
    const { succeeded, failed } = job.progress;
    const chosen = lines.slice(0, MAX_BATCH);
    const begun: ReadyTask[] = [];
    const stop = new AbortController();
    const stopListening = this.context.jobs.onWake(() => this.isActive() || stop.abort());
    let next = 0;
    const work = async (): Promise<void> => {
      for (let index = next++; index < chosen.length; index = next++) {
        const line = chosen[index];
        if (line === undefined || stop.signal.aborted) return;
        begun[index] = await this.ready(role, line, succeeded + failed + index + 1, stop.signal);
      }
    };
    const ends = await Promise.allSettled(Array.from({ length: PARALLEL }, work));
    stopListening();
    if (this.isActive() && ends.every(({ status }) => status === 'fulfilled')) return begun;
    // Holes are left where one did not come to its end.
    for (const task of begun.filter(Boolean)) task.discard?.();
    const fault = ends.find(end => end.status === 'rejected');
    if (fault !== undefined && !stop.signal.aborted) throw fault.reason;
    return undefined;
  }

  private isActive(): boolean {
    const { jobs } = this.context;
    return !jobs.stopping && jobs.table.find(this.jobId)?.status === 'Active';
  }

  private async ready(
    role: RolePrincipal,
    { text, bytes }: TaskLine,
    number: number,
    signal: AbortSignal,
  ): Promise<ReadyTask> {
    const task = parseTaskLine(text);
    if (task.versionId === '') return { bytes, finish: () => missingVersion(task) };
    const key = decodeManifestKey(task.rawKey) ?? '';
    const { operation, context } = this;
    const begun: BegunTask = { task, key, role, signal, fault: context.faults.taskFault(number) };
    return operation.name === 'S3PutObjectCopy'
      ? { bytes, ...(await copyTask(context, operation, begun)) }
      : { bytes, ...(await checksumTask(context, operation, begun)) };
  }
}
