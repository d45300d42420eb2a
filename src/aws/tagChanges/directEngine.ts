import type { CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { BrigadeError, isCancelled } from '../errors.ts';
import { Pace } from '../pace.ts';
import { PreviousTagFiles } from './previousTagFiles.ts';
import { changeBatch, type BatchContext } from './changeBatch.ts';
import { directReportFolder, writeDirectReport, type DirectReportFacts } from './directReport.ts';
import { NO_COUNTS, ResultStore, sumOf, type Counts } from './resultStore.ts';
import { WorkList, type WorkItem } from './workList.ts';

/** Where a report goes: below `<prefix>/direct-<id>/`. */
export interface ReportPlace {
  readonly bucket: string;
  readonly prefix?: string;
}

export interface DirectTask {
  /** Of this run, as its report's folder is named by it. */
  readonly id: string;
  /** A folder of its own on this machine, where it finds what it has done before it was killed. */
  readonly folder: string;
  readonly report: ReportPlace;
  readonly facts: DirectReportFacts;
  /** The objects; asked for once, and again only when it was killed before it had them all. */
  readonly items: () => AsyncIterable<readonly WorkItem[]>;
  readonly plan: BatchContext['plan'];
}

export interface DirectProgress extends Counts {
  readonly phase: 'list' | 'change' | 'report';
  /** Objects so far; all of them after the first phase. */
  readonly total: number;
}

export interface DirectOptions extends CallOptions {
  readonly onProgress?: (progress: DirectProgress) => void;
  readonly pace?: Pace;
  /** Writes nothing more, only the report of what was done: for a task that is not wanted any more. */
  readonly settles?: boolean;
}

export interface DirectResult extends Counts {
  readonly total: number;
  /** Called off before all were looked at; the report has those that were. */
  readonly cancelled: boolean;
  /** Its manifest.json; undefined when nothing had been done yet. */
  readonly report?: { readonly bucket: string; readonly key: string };
}

/**
 * Objects of a batch. What someone else writes between our look at them and our write is lost, so the
 * fewer the better; the more, the fewer before-files.
 */
const BATCH = 200;
/** Batches at a time: one is read while the other is written. */
const LANES = 2;

/**
 * Changes the tags of each of many objects by requests from here, and writes a report as S3's batch
 * jobs do. Killed at any point and called again with the same folder it continues where it was:
 * what was done is not done again, and what was there before stays known.
 *
 * @throws BrigadeError what keeps all objects from being changed (`Network`, `CredentialsExpired`,
 *   `Throttled` for minutes), to continue later; `AccessDenied` on the report's bucket; `Cancelled`
 *   while the objects are being found. Cancelled later, it still writes the report of what was
 *   done.
 */
export async function runDirectTask(
  clients: AwsClients,
  task: DirectTask,
  options: DirectOptions = {},
): Promise<DirectResult> {
  const list = new WorkList(task.folder);
  const store = new ResultStore(task.folder);
  const { signal, onProgress, settles = false } = options;
  const known = await list.total();
  if (known === undefined && settles) return { ...NO_COUNTS, total: 0, cancelled: true };
  const total = known ?? (await writeList(list, task, options));
  const run = new Run(clients, task, { store, total, ...options, settles });
  await run.changeAll(list, signal);
  const cancelled = signal?.aborted === true || settles;
  const { counts, done } = run;
  if (counts.succeeded + counts.failed === 0) {
    if (signal?.aborted) throw new BrigadeError('Cancelled', 'Cancelled');
    return { ...counts, total, cancelled };
  }
  onProgress?.({ phase: 'report', total, ...counts });
  const key = await writeDirectReport(clients, {
    bucket: task.report.bucket,
    folder: directReportFolder(task.report.prefix, task.id),
    store,
    batches: done,
    facts: task.facts,
  });
  return { ...counts, total, cancelled, report: { bucket: task.report.bucket, key } };
}

async function writeList(
  list: WorkList,
  task: DirectTask,
  { signal, onProgress }: DirectOptions,
): Promise<number> {
  const check = (): void => {
    if (signal?.aborted) throw new BrigadeError('Cancelled', 'Cancelled');
  };
  const total = await list.write(task.items(), count => {
    check();
    onProgress?.({ phase: 'list', total: count, ...NO_COUNTS });
  });
  check();
  return total;
}

interface RunContext {
  readonly store: ResultStore;
  readonly total: number;
  readonly settles: boolean;
  readonly pace?: Pace;
  readonly onProgress?: DirectOptions['onProgress'];
}

/** Requests at a time: the SDK's handler has 50 sockets. */
const REQUESTS = 48;

class Run {
  counts: Counts = NO_COUNTS;
  /** Batches with results, in the order of the list. */
  readonly done: number[] = [];
  readonly #context: BatchContext;
  readonly #run: RunContext;

  constructor(clients: AwsClients, task: DirectTask, run: RunContext) {
    this.#run = run;
    const folder = directReportFolder(task.report.prefix, task.id);
    const place = { bucket: task.report.bucket, folder };
    this.#context = {
      clients,
      pace: run.pace ?? new Pace({ most: REQUESTS }),
      settles: run.settles,
      beforeFiles: new PreviousTagFiles(task.folder, clients, place),
      plan: task.plan,
      keepsAfter: task.facts.change === undefined,
    };
  }

  /** All batches, some at a time; none is under way any more when it returns or throws. */
  async changeAll(list: WorkList, signal: AbortSignal | undefined): Promise<void> {
    const batches = list.batches(BATCH);
    let number = 0;
    let failed = false;
    const next = async (): Promise<{ number: number; items: WorkItem[] } | undefined> => {
      const { done, value } = await batches.next();
      return done === true ? undefined : { number: number++, items: value };
    };
    const lane = async (): Promise<void> => {
      for (;;) {
        if (failed || signal?.aborted) return;
        const batch = await next();
        if (batch === undefined) return;
        await this.#change(batch, signal).catch((error: unknown) => {
          failed = true;
          throw error;
        });
      }
    };
    const settled = await Promise.allSettled(Array.from({ length: LANES }, lane));
    await batches.return();
    this.done.sort((one, other) => one - other);
    for (const one of settled) {
      if (one.status === 'rejected' && !isCancelled(one.reason)) throw one.reason;
    }
  }

  async #change(
    batch: { readonly number: number; readonly items: readonly WorkItem[] },
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const { store, total, onProgress } = this.#run;
    let result = await store.read(batch.number);
    if (result === undefined || result.left > 0) {
      result = await changeBatch(this.#context, batch, { signal });
      await store.save(batch.number, result);
    }
    this.done.push(batch.number);
    this.counts = sumOf(this.counts, result);
    onProgress?.({ phase: 'change', total, ...this.counts });
  }
}
