import { setTimeout as sleep } from 'node:timers/promises';
import { recoverFrom, type CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { toErrorFacts } from '../errorFacts.ts';
import { BrigadeError, isCancelled } from '../errors.ts';
import type { CopiedObject } from '../objects/rewrite/copyObject.ts';
import { openRoute, type CopyRoute } from '../objects/rewrite/copyRoute.ts';
import { readPlainState } from '../objects/rewrite/objectState.ts';
import { Pace } from '../pace.ts';
import { formatS3Uri } from '../s3Uri.ts';
import { stopsTask } from '../interruption.ts';
import { toBrigadeError } from '../toBrigadeError.ts';
import {
  MAX_FAILURES,
  type CopyCounts,
  type CopyFailure,
  type CopyInput,
  type CopyItem,
  type CopyPosition,
  type CopyResult,
  type OnConflict,
} from './copies.ts';
import { deleteOriginals, type Copied } from './deleteOriginals.ts';
import { itemId, type CopyCheckpoint, type CopyJournal } from './copyJournal.ts';
import { copyOne } from './copyOne.ts';

/** Objects at a time: each takes up to three requests at once, and the SDK's handler has 50 sockets. */
const OBJECTS_AT_A_TIME = 24;
/** Milliseconds before the next try where the network gave no answer, beside what the SDK does. */
const NETWORK_PAUSES = [200, 800, 3000];

/** What happens to a batch. */
interface Batch {
  readonly copied: Copied[];
  readonly left: CopyItem[];
  /** What all others would meet too. */
  fatal?: unknown;
}

/** What an earlier try may have done of an object: under which other name, if any. */
interface Tried {
  readonly name?: string;
  readonly mayBeOurs: boolean;
}

interface BatchOptions extends CallOptions {
  readonly onProgress?: (progress: CopyCounts) => void;
  readonly pace?: Pace;
}

/** Copies objects batch by batch, and knows how far it is. */
export class CopyBatches {
  readonly #clients: AwsClients;
  readonly #input: CopyInput;
  readonly #journal: CopyJournal;
  readonly #options: BatchOptions;
  readonly #pace: Pace;
  readonly #routes = new Map<string, Promise<CopyRoute>>();
  readonly #uploads;
  readonly #decided: ReadonlyMap<string, OnConflict>;
  #counts = { done: 0, bytes: 0, skipped: 0, failed: 0 };
  #failures: CopyFailure[] = [];
  #hasVersions = false;
  #hasUnlocked = false;
  #batches = 0;
  /** Bytes that are copied and whose originals are still there. */
  #waiting = 0;
  #left: readonly CopyItem[] = [];
  /** For the first batch of a task that continues: what an earlier process may have done of it. */
  #earlier: { names: ReadonlyMap<string, string>; gone: ReadonlySet<string> } | undefined;

  constructor(clients: AwsClients, input: CopyInput, journal: CopyJournal, options: BatchOptions) {
    this.#clients = clients;
    this.#input = input;
    this.#journal = journal;
    this.#options = options;
    this.#uploads = journal.uploads();
    this.#pace = options.pace ?? new Pace({ most: OBJECTS_AT_A_TIME });
    this.#decided = new Map(input.decided);
  }

  /** Called off, or too much failed: nothing more is begun. */
  isOver(): boolean {
    return this.#options.signal?.aborted === true || this.#counts.failed >= MAX_FAILURES;
  }

  outcome(): Omit<CopyResult, 'rest' | 'isCancelled'> {
    const { done, bytes, skipped, failed } = this.#counts;
    return {
      ...{ done, bytes, skipped, failed, failures: this.#failures },
      ...{ hasVersions: this.#hasVersions, hasUnlocked: this.#hasUnlocked, left: this.#left },
    };
  }

  /** Takes up what an earlier process has left, and finishes the batch that it was at. */
  async resume(known: CopyCheckpoint): Promise<void> {
    const { done, bytes, skipped, failed, failures, hasVersions, batches, pending } = known;
    this.#counts = { done, bytes, skipped, failed };
    this.#failures = [...failures];
    this.#hasVersions = hasVersions;
    this.#hasUnlocked = known.hasUnlocked === true;
    this.#batches = batches;
    const gone = new Set<string>();
    for (const item of await this.#journal.deletion(batches)) {
      if (await this.#isGone(item)) gone.add(itemId(item));
    }
    this.#counts.done += gone.size;
    this.#earlier = { names: await this.#journal.names(), gone };
    if (pending.length > 0) await this.run(pending, known.position);
  }

  async #isGone(item: CopyItem): Promise<boolean> {
    const { source } = await this.#route(item.bucket);
    const found = await recoverFrom(['NotFound'], undefined, () =>
      readPlainState(source, item.key, this.#options),
    );
    return found === undefined;
  }

  /** Notes that everything before a position is done, but for these. */
  async save(position: CopyPosition, pending: readonly CopyItem[] = []): Promise<void> {
    // JSON has no infinity.
    const unit = Math.min(position.unit, Number.MAX_SAFE_INTEGER);
    await this.#journal.save({
      ...{ ...this.#counts, failures: this.#failures },
      ...{ hasVersions: this.#hasVersions, hasUnlocked: this.#hasUnlocked },
      ...{ position: { ...position, unit }, pending, batches: this.#batches },
    });
  }

  /**
   * Copies some objects, in a move deletes their originals, and saves that.
   *
   * @param position behind them
   * @throws BrigadeError what all others would meet too; what was not done is saved then
   */
  async run(items: readonly CopyItem[], position: CopyPosition): Promise<void> {
    const earlier = this.#earlier;
    this.#earlier = undefined;
    const batch: Batch = { copied: [], left: [] };
    const todo = earlier ? items.filter(item => !earlier.gone.has(itemId(item))) : items;
    await Promise.all(
      todo.map(async item => {
        try {
          const once = { name: earlier?.names.get(itemId(item)), mayBeOurs: !!earlier };
          const { signal } = this.#options;
          await this.#pace.run(() => this.#copy(item, once, batch), { signal });
        } catch (error) {
          this.#leave(item, error, batch);
        }
      }),
    );
    if (this.#input.moves) await this.#deleteAll(batch);
    if (batch.fatal === undefined) this.#batches += 1;
    await this.save(position, batch.left);
    // Nobody asks for them again, and of millions they would fill the memory of the process that continues.
    if (batch.left.length === 0) await this.#journal.forgetNames();
    if (batch.fatal !== undefined) throw toBrigadeError(batch.fatal);
    this.#left = batch.left;
  }

  /** What was not done for an object's own reason has failed; what all others would meet is left. */
  #leave(item: CopyItem, error: unknown, batch: Batch, isCopied = false): void {
    if (this.#fail(item, error, isCopied)) return;
    batch.left.push(item);
    if (!isCancelled(error)) batch.fatal ??= error;
  }

  /** Once more where the network was away for a moment. */
  async #copy(item: CopyItem, before: Tried, batch: Batch): Promise<void> {
    let tried = before;
    for (let tries = 0; ; tries++) {
      if (batch.fatal !== undefined || this.isOver()) {
        throw new BrigadeError('Cancelled', 'Cancelled');
      }
      try {
        const onName = async (name: string): Promise<void> => {
          tried = { ...tried, name };
          await this.#journal.noteName(item, name);
        };
        this.#note(item, await this.#copyOnce(item, tried, onName), batch);
        return;
      } catch (error) {
        const pause = NETWORK_PAUSES[tries];
        const isNetwork = error instanceof BrigadeError && error.code === 'Network';
        if (!isNetwork || pause === undefined) throw error;
        tried = { ...tried, mayBeOurs: true };
        await sleep(pause);
      }
    }
  }

  async #copyOnce(
    item: CopyItem,
    { name, mayBeOurs }: Tried,
    onName: (name: string) => Promise<void>,
  ): Promise<CopiedObject | undefined> {
    const { bucket, maxCopyBytes, onConflict, moves } = this.#input;
    const isSame = item.bucket === bucket && item.key === item.to;
    return await copyOne(await this.#route(item.bucket), item, {
      ...{ signal: this.#options.signal, journal: this.#uploads, maxCopyBytes },
      onConflict: isSame ? 'keepBoth' : (this.#decided.get(item.to) ?? onConflict),
      // What is not read after it is copied must not be deleted.
      ...{ mayBeOurs, knownName: name, onName, mayBeUnread: !moves },
    });
  }

  #note(item: CopyItem, copy: CopiedObject | undefined, { copied }: Batch): void {
    const { moves } = this.#input;
    this.#hasUnlocked ||= copy?.isUnlocked === true;
    if (!copy) this.#counts.skipped += 1;
    else if (moves) copied.push({ item, copy });
    else this.#count(copy);
    if (copy && moves) this.#waiting += copy.sourceState.size;
    this.reportProgress(copied.length);
  }

  #count({ sourceState }: CopiedObject): void {
    this.#counts.done += 1;
    this.#counts.bytes += sourceState.size;
  }

  /** @param copied so many are copied of this batch and their originals not deleted yet */
  reportProgress(copied: number): void {
    const { done, bytes, skipped, failed } = this.#counts;
    const progress = { done: done + copied, bytes: bytes + this.#waiting, skipped, failed };
    this.#options.onProgress?.(progress);
  }

  /** Notes a failure of one object. @returns false for what is none: all others would meet it too */
  #fail(item: CopyItem, thrown: unknown, isCopied = false): boolean {
    const error = toBrigadeError(thrown, formatS3Uri(item));
    if (stopsTask(error)) return false;
    this.#counts.failed += 1;
    // Stacks would fill the messages between the processes.
    const facts = { ...toErrorFacts(error), stack: undefined };
    this.#failures.push({ ...item, error: facts, isCopied });
    return true;
  }

  async #route(bucket: string): Promise<CopyRoute> {
    const known = this.#routes.get(bucket);
    if (known) return await known;
    const route = openRoute(this.#clients, bucket, this.#input.bucket, this.#options);
    this.#routes.set(bucket, route);
    route.catch(() => this.#routes.delete(bucket));
    return await route;
  }

  /** Deletes the originals of verified copies. Begun, it is not called off: what is copied is moved. */
  async #deleteAll(batch: Batch): Promise<void> {
    if (batch.copied.length === 0) return;
    const items = batch.copied.map(({ item }) => item);
    await this.#journal.noteDeletion(this.#batches, items);
    for (const [bucket, own] of Map.groupBy(batch.copied, ({ item }) => item.bucket)) {
      const open = new Map(own.map(each => [each.item.key, each]));
      try {
        const { source } = await this.#route(bucket);
        await deleteOriginals(source, open, {
          pace: this.#pace,
          onMoved: moved => this.#countMoved(moved),
          onFailed: (item, error) => this.#fail(item, error, true),
        });
      } catch (error) {
        for (const { item } of open.values()) this.#leave(item, error, batch, true);
      }
    }
    this.#waiting = 0;
    this.reportProgress(0);
    // It may be deleted without an answer: when it is gone later, that was us.
    if (batch.fatal !== undefined) await this.#journal.noteDeletion(this.#batches, batch.left);
  }

  #countMoved({ copy }: Copied): void {
    this.#count(copy);
    this.#hasVersions ||= copy.isVersioned;
  }
}
