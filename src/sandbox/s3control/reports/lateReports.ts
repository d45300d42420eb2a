import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe } from '../../faults.ts';
import type { JobContext, ReportQueue, ReportResult } from '../jobContext.ts';
import { LATE_REPORT, jobFolder, jobsFolder } from '../jobFolder.ts';
import { writeManifest } from './completionReport.ts';

interface LateReport {
  /** In milliseconds since 1970. */
  readonly due: number;
  readonly results: readonly ReportResult[];
}

/**
 * Reports that are still being written when their jobs have ended, as they can be on AWS: the files
 * of results are there, manifest.json comes later. What is to come is noted in the job's folder, so
 * that a restart continues it.
 */
export class LateReports implements ReportQueue {
  private readonly context: JobContext;
  private readonly stopped = new AbortController();
  private readonly waiting = new Set<Promise<void>>();

  constructor(context: JobContext) {
    this.context = context;
  }

  /** Continues what a former run has left. */
  start(): void {
    for (const id of readdirSync(jobsFolder(this.context.store))) {
      if (existsSync(this.file(id))) this.follow(id);
    }
  }

  async stop(): Promise<void> {
    this.stopped.abort();
    await Promise.all(this.waiting);
  }

  /** @param delay in milliseconds from now on */
  add(id: string, delay: number, results: readonly ReportResult[]): void {
    const report: LateReport = { due: this.context.clock.now().getTime() + delay, results };
    writeFileSync(this.file(id), JSON.stringify(report), { mode: 0o600 });
    this.follow(id);
  }

  private file(id: string): string {
    return join(jobFolder(this.context.store, id), LATE_REPORT);
  }

  private follow(id: string): void {
    const end = this.write(id)
      .catch((error: unknown) => {
        if (this.stopped.signal.aborted) return;
        this.context.log(`The report of the job ${id} could not be written: ${describe(error)}`);
      })
      .finally(() => this.waiting.delete(end));
    this.waiting.add(end);
  }

  private async write(id: string): Promise<void> {
    const { clock, jobs, store } = this.context;
    const { due, results } = JSON.parse(readFileSync(this.file(id), 'utf8')) as LateReport;
    await clock.sleep(Math.max(0, due - clock.now().getTime()), this.stopped.signal);
    const job = jobs.table.find(id);
    try {
      if (job?.definition.report) {
        await writeManifest(this.context, job, job.definition.report, results);
      }
    } finally {
      await rm(jobFolder(store, id), { recursive: true, force: true });
    }
  }
}
