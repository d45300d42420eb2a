import { availableParallelism } from 'node:os';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RolePrincipal } from '../../principal.ts';
import type { JobContext } from '../jobContext.ts';
import { invokeTask } from './invokeTask.ts';
import { isOutranked, pauseJob, thresholdExceeded } from './runningJob.ts';
import type { Job, LambdaInvoke } from '../job.ts';
import { assumeJobRole } from '../jobRole.ts';
import type { TaskOutcome } from './taskOutcomes.ts';
import type { RunningJob } from './runningJob.ts';
import { saveOutcomes } from './taskOutcomes.ts';
import { parseTaskLine } from '../manifests/task.ts';
import type { TaskLine } from '../manifests/task.ts';

/** How many functions a job runs at the same time; each is a process of its own. */
const PARALLEL = Math.max(2, availableParallelism());
/** How many tasks may be ahead of one that takes long: progress is a position in the task file. */
const AHEAD = 16 * PARALLEL;

/** A task on its way. */
interface Flight {
  readonly bytes: number;
  outcome?: TaskOutcome;
}

/**
 * Runs the tasks of a LambdaInvoke job, some at a time. What is done is counted in the order of the
 * manifest; after a kill the tasks that were under way are run again, as functions for S3 Batch
 * Operations must expect.
 */
export class InvokedTasks {
  private readonly context: JobContext;
  private readonly job: RunningJob<LambdaInvoke>;
  private readonly abort = new AbortController();
  private readonly bell = new Bell();
  private flights: Flight[] = [];
  private running = 0;
  private since: number;
  private launched: number;
  /** Of the task that was begun last, from 1 on; from where the job stands. */
  private number: number | undefined;
  private fault: Error | undefined;

  constructor(context: JobContext, job: RunningJob<LambdaInvoke>) {
    this.context = context;
    this.job = job;
    this.since = context.clock.elapsed();
    this.launched = this.since;
  }

  /**
   * Runs them until they are over (Completing), the job is cancelled or gives its place away (Paused), or
   * the sandbox stops.
   * @throws JobFailure when too many tasks fail, or the role is gone
   */
  async run(): Promise<void> {
    const { jobs } = this.context;
    const stopListening = jobs.onWake(() => this.bell.ring());
    try {
      while (await this.turn()) await this.bell.rung();
    } finally {
      stopListening();
      this.abort.abort();
    }
  }

  /** Does what can be done now; answers whether to wait for more. */
  private async turn(): Promise<boolean> {
    const { jobs } = this.context;
    if (this.fault !== undefined) throw this.fault;
    const lines = await this.job.reader.peek();
    const job = jobs.table.find(this.job.id);
    if (job?.status !== 'Active' || jobs.stopping) {
      // Cancelled: what is done is told in the report, what is not is left.
      if (job && !jobs.stopping) this.save(job, this.flights.filter(isDone));
      return false;
    }
    this.saveDone(job);
    const outranked = isOutranked(this.context, job);
    if (this.flights.length === 0 && (outranked || lines.length === 0)) {
      await this.leave(outranked);
      return false;
    }
    if (!outranked) this.launch(job, lines);
    return true;
  }

  private async leave(outranked: boolean): Promise<void> {
    const { table } = this.context.jobs;
    table.update(this.job.id, { status: outranked ? 'Pausing' : 'Completing' });
    if (!outranked) return;
    await nextTurn();
    pauseJob(this.context, this.job.id);
  }

  private launch(job: Job, lines: readonly TaskLine[]): void {
    const { clock, jobs } = this.context;
    const role = assumeJobRole(this.context, job);
    const most = jobs.taskDelay > 0 ? 1 : PARALLEL;
    let count = 0;
    while (this.running < most && this.flights.length < AHEAD) {
      const line = lines[count];
      if (line === undefined) break;
      const early = this.launched + jobs.taskDelay - clock.elapsed();
      if (jobs.taskDelay > 0 && early > 0) {
        this.ringAfter(early);
        break;
      }
      this.launched = clock.elapsed();
      count += 1;
      this.number ??= job.progress.succeeded + job.progress.failed;
      this.number += 1;
      this.start(role, line, this.number);
    }
    this.job.reader.advance(count);
    // More lines have to be read.
    if (count === lines.length && count > 0) this.bell.ring();
  }

  private start(role: RolePrincipal, line: TaskLine, number: number): void {
    const flight: Flight = { bytes: line.bytes };
    this.flights.push(flight);
    this.running += 1;
    const { id: jobId, operation } = this.job;
    // One of its own, so that listeners go with the task.
    const signal = AbortSignal.any([this.abort.signal]);
    const task = parseTaskLine(line.text);
    void invokeTask(this.context, role, { jobId, operation, task, number, signal })
      .then(outcome => {
        flight.outcome = outcome;
      })
      .catch((error: unknown) => {
        if (signal.aborted) return;
        this.fault = error instanceof Error ? error : new Error(String(error));
      })
      .finally(() => {
        this.running -= 1;
        this.bell.ring();
      });
  }

  private saveDone(job: Job): void {
    const end = this.flights.findIndex(flight => !isDone(flight));
    const done = (end === -1 ? this.flights : this.flights.slice(0, end)).filter(isDone);
    this.flights = this.flights.slice(done.length);
    this.save(job, done);
  }

  private save(job: Job, done: readonly Required<Flight>[]): void {
    if (done.length === 0) return;
    const now = this.context.clock.elapsed();
    const outcomes = done.map(({ outcome }) => outcome);
    const bytes = done.reduce((sum, flight) => sum + flight.bytes, 0);
    const saved = { outcomes, bytes, activeTime: Math.round(now - this.since) };
    this.since = now;
    if (saveOutcomes(this.context, job, this.job.results, saved)) throw thresholdExceeded();
  }

  private ringAfter(ms: number): void {
    const { clock } = this.context;
    clock.sleep(ms, this.abort.signal).then(
      () => this.bell.ring(),
      () => undefined,
    );
  }
}

function isDone(flight: Flight): flight is Required<Flight> {
  return flight.outcome !== undefined;
}

/** Remembers that it rang until somebody has waited for it. */
class Bell {
  private ringing = false;
  private wake: () => void = () => undefined;

  ring(): void {
    this.ringing = true;
    this.wake();
  }

  async rung(): Promise<void> {
    if (!this.ringing) {
      await new Promise<void>(resolve => {
        this.wake = resolve;
      });
    }
    this.ringing = false;
  }
}
