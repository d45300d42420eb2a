import { copyFile, mkdir, truncate, appendFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { AwsClients } from '../clients.ts';
import { DELETE_BATCH, deleteBatch } from '../deletion/deleteBatch.ts';
import { fromErrorFacts, toErrorFacts, type ErrorFacts } from '../errorFacts.ts';
import { BrigadeError } from '../errors.ts';
import { InterruptedWork, isFatal, isInterruption } from '../interruption.ts';
import { jsonLine } from '../jsonLine.ts';
import type { MultipartUpload } from '../objects/multipartUploads.ts';
import { Pace } from '../pace.ts';
import { toBrigadeError } from '../toBrigadeError.ts';
import { discardDownloads, downloadFiles } from '../transfers/downloadFiles.ts';
import type { TransferOptions } from '../transfers/runTransfer.ts';
import type { TransferResult } from '../transfers/transfer.ts';
import type { TaskJournal } from '../transfers/transferJournal.ts';
import { AdaptiveLimiter } from '../transfers/limiter.ts';
import { discardUploads, uploadFiles } from '../transfers/uploadFiles.ts';
import { readPlan } from './planFile.ts';
import { isIncluded, type PlanItem, type SyncFolderInput } from './syncPlan.ts';

export interface SyncFailure {
  readonly item: PlanItem;
  readonly error: ErrorFacts;
}

export interface SyncFolderProgress {
  readonly items: number;
  readonly bytes: number;
}

export interface SyncFolderResult {
  readonly done: number;
  readonly failedCount: number;
  /** Some of them, where there are very many. All are in the input's `restFile`. */
  readonly failed: readonly SyncFailure[];
  /** Not done because of `stoppedBy`; in the same file. */
  readonly left: number;
  readonly stoppedBy?: ErrorFacts;
  /** Parts that could not be deleted. */
  readonly leftUploads: readonly MultipartUpload[];
}

/** The task's journal, and its folder for files. */
export interface SyncJournal extends TaskJournal {
  readonly folder: string;
}

/** Items of one checkpoint. */
const LOT = 1000;
/** Failures that are listed; more are only counted. */
const MAX_TOLD = 200;

/** Of the lots that have ended. */
interface Ended {
  readonly lots: number;
  readonly items: number;
  readonly bytes: number;
  readonly failed: readonly SyncFailure[];
  readonly failedCount: number;
  readonly leftUploads: readonly MultipartUpload[];
  /** Bytes of the file of what is not done. */
  readonly restBytes: number;
}

interface Checkpoint extends Ended {
  /** Of the lot under way: what its transfer has noted. */
  readonly transfer?: unknown;
}

const NOTHING: Ended = {
  ...{ lots: 0, items: 0, bytes: 0, failed: [], failedCount: 0, leftUploads: [], restBytes: 0 },
};

/**
 * Does what a plan says: uploads or downloads, and deletes objects; local files are deleted by
 * nobody here, they go to the trash. Lot by lot, so that no more than that is in memory, each by
 * the engine of transfers. Killed at any point and called again it continues with the lot, file and
 * part that it was at.
 *
 * @returns what failed; one that fails does not stop the others
 * @throws InterruptedWork with the result so far when it can be continued; BrigadeError
 *   `Cancelled`: what was done stays
 */
export async function syncFolder(
  clients: AwsClients,
  input: SyncFolderInput,
  journal: SyncJournal,
  options: TransferOptions<SyncFolderProgress>,
): Promise<SyncFolderResult> {
  return await new SyncRun(clients, input, journal, options).run();
}

/** Deletes the parts or the unfinished files of a sync that is not wanted any more. */
export async function discardSync(
  clients: AwsClients,
  { direction, bucket }: SyncFolderInput,
  journal: TaskJournal,
): Promise<void> {
  const lot: TaskJournal = {
    checkpoint: () => (journal.checkpoint() as Checkpoint | undefined)?.transfer,
    save: () => Promise.resolve(),
  };
  await (direction === 'up' ? discardUploads(clients, { bucket }, lot) : discardDownloads(lot));
}

class SyncRun {
  readonly #clients: AwsClients;
  readonly #input: SyncFolderInput;
  readonly #journal: SyncJournal;
  readonly #options: TransferOptions<SyncFolderProgress>;
  readonly #limiter: AdaptiveLimiter;
  readonly #pace: Pace;
  /** Of the lot under way, where an earlier process has begun it. */
  #transfer: unknown;
  #ended: Ended;

  constructor(
    clients: AwsClients,
    input: SyncFolderInput,
    journal: SyncJournal,
    options: TransferOptions<SyncFolderProgress>,
  ) {
    const { transfer, ...ended } = (journal.checkpoint() ?? NOTHING) as Checkpoint;
    [this.#clients, this.#input, this.#journal] = [clients, input, journal];
    [this.#options, this.#transfer, this.#ended] = [options, transfer, ended];
    this.#limiter = new AdaptiveLimiter(input.most);
    this.#pace = new Pace({ most: input.most });
  }

  async run(): Promise<SyncFolderResult> {
    const plan = await this.#plan();
    let stoppedBy: BrigadeError | undefined;
    let left = 0;
    let number = 0;
    for await (const lot of lotsOf(plan, this.#input)) {
      number++;
      if (number <= this.#ended.lots) continue;
      if (stoppedBy) {
        left += lot.length;
        await this.#putBack(lot);
      } else {
        const rest = await this.#do(lot);
        stoppedBy = rest.stoppedBy;
        left += rest.left.length;
      }
    }
    const { restFile } = this.#input;
    if (this.#ended.restBytes > 0) {
      await mkdir(dirname(restFile), { recursive: true });
      await copyFile(this.#rest, restFile);
    }
    return this.#result(left, stoppedBy);
  }

  get #rest(): string {
    return join(this.#journal.folder, 'rest');
  }

  /** A copy of its own, which lives as long as the task. */
  async #plan(): Promise<string> {
    const plan = join(this.#journal.folder, 'plan');
    const { planFile } = this.#input;
    // What an earlier process has not noted any more.
    await appendFile(this.#rest, '');
    await truncate(this.#rest, this.#ended.restBytes);
    if (this.#journal.checkpoint() !== undefined) return plan;
    await copyFile(planFile, plan);
    await this.#save(undefined);
    return plan;
  }

  async #do(
    lot: readonly PlanItem[],
  ): Promise<{ left: readonly PlanItem[]; stoppedBy?: BrigadeError }> {
    await this.#options.ready?.();
    const copies = lot.filter(({ action }) => action === 'copy');
    const copied = await this.#copy(copies);
    const at = (indexes: readonly number[]) => indexes.map(index => copies[index] as PlanItem);
    const failed = copied.failed.map(({ index, error }) => ({
      ...{ item: copies[index] as PlanItem, error },
    }));
    const left = at(copied.left);
    let stoppedBy = copied.stoppedBy && fromErrorFacts(copied.stoppedBy);
    const deletions = lot.filter(({ action }) => action === 'delete');
    if (stoppedBy) left.push(...deletions);
    else {
      const deleted = await this.#delete(deletions);
      failed.push(...deleted.failed);
      left.push(...deleted.left);
      stoppedBy = deleted.stoppedBy;
    }
    await this.#end(lot, { failed, left, leftUploads: copied.leftUploads });
    return { left, ...(stoppedBy && { stoppedBy }) };
  }

  /** @throws InterruptedWork, BrigadeError `Cancelled` */
  async #copy(items: readonly PlanItem[]): Promise<TransferResult> {
    const { direction, bucket, prefix, folder, most } = this.#input;
    const lot: TaskJournal = {
      checkpoint: () => this.#transfer,
      save: transfer => this.#save(transfer),
    };
    const options = {
      ...{ ...this.#options, limiter: this.#limiter },
      onProgress: ({ finished, bytes }: { finished: number; bytes: number }) =>
        this.#report(finished, bytes),
    };
    const places = items.map(item => ({ item, names: item.path.split('/'), size: item.size }));
    try {
      const result =
        direction === 'up'
          ? await uploadFiles(
              this.#clients,
              {
                ...{ bucket, most },
                files: places.map(({ item, names, size }) => ({
                  ...{ path: join(folder, ...names), key: prefix + item.path, size },
                  inside: folder,
                })),
              },
              lot,
              options,
            )
          : await downloadFiles(
              this.#clients,
              {
                most,
                files: places.map(({ item, names, size }) => ({
                  ...{ bucket, key: prefix + item.path, size, folder, names },
                  modified: item.modified,
                })),
              },
              lot,
              options,
            );
      if (result.isCancelled) throw new BrigadeError('Cancelled', 'Cancelled');
      return result;
    } catch (error) {
      if (!(error instanceof InterruptedWork)) throw error;
      throw this.#interrupted(error, (error.result as TransferResult).done.length);
    }
  }

  /** @throws InterruptedWork, BrigadeError `Cancelled` */
  async #delete(items: readonly PlanItem[]): Promise<{
    readonly failed: readonly SyncFailure[];
    readonly left: readonly PlanItem[];
    readonly stoppedBy?: BrigadeError;
  }> {
    const { bucket, prefix } = this.#input;
    if (items.length === 0) return { failed: [], left: [] };
    const { signal } = this.#options;
    const byKey = new Map(items.map(item => [prefix + item.path, item]));
    const wanted = { bucket, items: [...byKey.keys()].map(key => ({ bucket, key })) };
    try {
      const client = await this.#clients.s3ForBucket(bucket, signal);
      const { failed } = await deleteBatch(client, wanted, { signal, pace: this.#pace });
      return {
        failed: failed.flatMap(({ item, error }) => {
          const known = byKey.get(item.key);
          return known ? [{ item: known, error: toErrorFacts(error) }] : [];
        }),
        left: [],
      };
    } catch (thrown) {
      signal?.throwIfAborted();
      const error = toBrigadeError(thrown);
      if (isInterruption(error)) throw this.#interrupted(error, 0);
      if (isFatal(error)) return { failed: [], left: items, stoppedBy: error };
      return { failed: items.map(item => ({ item, error: toErrorFacts(error) })), left: [] };
    }
  }

  #interrupted(by: BrigadeError, done: number): InterruptedWork {
    const { items, failedCount } = this.#ended;
    const left = this.#input.total.items - items - done;
    const so = this.#result(left, by);
    return new InterruptedWork(by, { ...so, done: items - failedCount + done });
  }

  async #end(
    lot: readonly PlanItem[],
    {
      failed,
      left,
      leftUploads,
    }: {
      readonly failed: readonly SyncFailure[];
      readonly left: readonly PlanItem[];
      readonly leftUploads: readonly MultipartUpload[];
    },
  ): Promise<void> {
    await this.#putBack([...failed.map(({ item }) => item), ...left]);
    const before = this.#ended;
    this.#ended = {
      ...before,
      lots: before.lots + 1,
      items: before.items + lot.length - left.length,
      bytes:
        before.bytes +
        lot.reduce((sum, { action, size }) => sum + (action === 'copy' ? size : 0), 0),
      failed: [...before.failed, ...failed].slice(0, MAX_TOLD),
      failedCount: before.failedCount + failed.length,
      leftUploads: [...before.leftUploads, ...leftUploads],
    };
    this.#transfer = undefined;
    await this.#save(undefined);
    this.#report(0, 0);
  }

  /** For who tries again. */
  async #putBack(items: readonly PlanItem[]): Promise<void> {
    if (items.length === 0) return;
    const text = items.map(item => jsonLine(item)).join('');
    await appendFile(this.#rest, text);
    const restBytes = this.#ended.restBytes + Buffer.byteLength(text);
    this.#ended = { ...this.#ended, restBytes };
  }

  async #save(transfer: unknown): Promise<void> {
    await this.#journal.save({ ...this.#ended, ...(transfer !== undefined && { transfer }) });
  }

  #report(items: number, bytes: number): void {
    const ended = this.#ended;
    this.#options.onProgress?.({ items: ended.items + items, bytes: ended.bytes + bytes });
  }

  #result(left: number, stoppedBy: BrigadeError | undefined): SyncFolderResult {
    const { items, failed, failedCount, leftUploads } = this.#ended;
    const done = items - failedCount;
    return {
      ...{ done, failed, failedCount, left, leftUploads },
      ...(stoppedBy && { stoppedBy: toErrorFacts(stoppedBy) }),
    };
  }
}

/** What of a plan is to be done here, in lots. */
async function* lotsOf(
  plan: string,
  { direction, isDeleting }: SyncFolderInput,
): AsyncGenerator<readonly PlanItem[]> {
  let lot: PlanItem[] = [];
  for await (const item of readPlan(plan)) {
    // Files that go to the trash are the window's work.
    if (!isIncluded(item, isDeleting) || (item.action === 'delete' && direction === 'down'))
      continue;
    lot.push(item);
    if (lot.length < Math.min(LOT, DELETE_BATCH)) continue;
    yield lot;
    lot = [];
  }
  if (lot.length > 0) yield lot;
}
