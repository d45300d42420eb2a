import { setTimeout as delay } from 'node:timers/promises';
import { isDiskFull } from '../errors.ts';
import { describe, retryDelay } from '../faults.ts';
import type { JobContext, JobLanes } from './jobContext.ts';
import { sweepFolders } from './jobFolder.ts';
import { executeJob } from './tasks/executeJob.ts';
import { finishJob } from './finishJob.ts';
import type { Job, JobStatus } from './job.ts';
import { JobTable } from './jobTable.ts';
import { prepareJob } from './prepareJob.ts';
import { LateReports } from './reports/lateReports.ts';

const ENDING: readonly JobStatus[] = ['Completing', 'Cancelling', 'Failing'];
/** Active and Pausing are what a killed sandbox leaves behind. */
const RUNNABLE: readonly JobStatus[] = ['Ready', 'Paused', 'Active', 'Pausing'];
/** Milliseconds until a job that met a full disk is tried again. */
const RETRY_AFTER = 1000;

/** AWS does not say when a report continues in another file. */
const REPORT_FILE_SIZE = 16 * 1024 * 1024;

export interface JobOptions {
  /** Milliseconds that every task waits first. */
  readonly taskDelay?: number;
  /** Bytes after which a report continues in another file. */
  readonly reportFileSize?: number;
}

/**
 * Moves jobs through their life. Three lanes work side by side, each on one job at a time: one prepares,
 * one executes (so that one job is Active at a time: the account's capacity), one ends. Whatever a job
 * is at is in the database, and a lane begins by looking there: a restart needs nothing else.
 */
export class JobEngine implements JobLanes {
  readonly table: JobTable;
  /** Milliseconds that every task waits first, so that a job can be watched; 0 runs at full speed. */
  readonly taskDelay: number;
  readonly reportFileSize: number;
  readonly lateReports: LateReports;
  private readonly context: JobContext;
  private readonly stopped = new AbortController();
  private readonly busy = new Set<string>();
  private lanes: Promise<unknown> = Promise.resolve();
  private nudged = new AbortController();
  private readonly listeners = new Set<() => void>();

  constructor(context: Omit<JobContext, 'jobs'>, options: JobOptions = {}) {
    this.context = { ...context, jobs: this };
    this.table = new JobTable(context.store);
    this.taskDelay = options.taskDelay ?? 0;
    this.reportFileSize = options.reportFileSize ?? REPORT_FILE_SIZE;
    this.lateReports = new LateReports(this.context);
  }

  get stopping(): boolean {
    return this.stopped.signal.aborted;
  }

  /** Begins, with the jobs that a former run has left. */
  start(): void {
    const { context } = this;
    sweepFolders(context);
    this.lateReports.start();
    this.lanes = Promise.all([
      this.lane(['New', 'Preparing'], job => prepareJob(context, job)),
      this.lane(RUNNABLE, job => executeJob(context, job)),
      this.lane(ENDING, job => finishJob(context, job.id)),
    ]);
  }

  /** Says that a job has changed. */
  wake(): void {
    const { nudged } = this;
    this.nudged = new AbortController();
    nudged.abort();
    for (const listener of this.listeners) listener();
  }

  /** Calls a listener whenever a job has changed; answers how to stop that. */
  onWake(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Lets the lanes come to a stop between two tasks; running jobs stay as they are. */
  async stop(): Promise<void> {
    this.stopped.abort();
    this.wake();
    await Promise.all([this.lanes, this.lateReports.stop()]);
  }

  /** Waits by the sandbox's clock, or until something has changed. */
  async pause(ms: number): Promise<void> {
    if (this.stopping) return;
    try {
      await this.context.clock.sleep(ms, this.nudged.signal);
    } catch (error) {
      if (!(error instanceof Error && error.name === 'AbortError')) throw error;
    }
  }

  /** Never ends but by `stop`: what fails here is tried again, later and later. */
  private async lane(
    statuses: readonly JobStatus[],
    work: (job: Job) => Promise<void>,
  ): Promise<void> {
    let failures = 0;
    while (!this.stopping) {
      try {
        await this.step(statuses, work);
        failures = 0;
      } catch (error) {
        this.context.log(`Batch jobs: ${describe(error)}`);
        await this.wait(retryDelay(failures));
        failures += 1;
      }
    }
  }

  /** Works on the foremost job, or waits until there may be one. */
  private async step(
    statuses: readonly JobStatus[],
    work: (job: Job) => Promise<void>,
  ): Promise<void> {
    const change = changeOf(this.nudged.signal);
    const job = this.next(statuses);
    if (job === undefined) return change;
    this.busy.add(job.id);
    try {
      await work(job);
    } catch (error) {
      this.context.log(`Job ${job.id}: ${describe(error)}`);
      await this.recover(job, error);
    } finally {
      this.busy.delete(job.id);
      this.wake();
    }
  }

  private next(statuses: readonly JobStatus[]): Job | undefined {
    return this.table.foremost(statuses, this.busy);
  }

  /** A full disk passes; any other fault of the sandbox ends the job rather than trying forever. */
  private async recover(job: Job, error: unknown): Promise<void> {
    if (isDiskFull(error)) {
      await this.wait(RETRY_AFTER);
      return;
    }
    if (this.stopping) return;
    const failure = { code: 'InternalError', reason: 'The sandbox failed; see its log.' };
    this.table.update(job.id, {
      status: 'Failed',
      terminated: this.context.clock.now(),
      failureReasons: [...job.failureReasons, failure],
    });
  }

  /** Lets time pass, or the stop come. */
  private async wait(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: this.stopped.signal }).catch(() => undefined);
  }
}

function changeOf(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
