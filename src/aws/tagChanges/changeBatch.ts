import type { CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { BrigadeError, isCancelled } from '../errors.ts';
import { tagsHold } from '../objects/rewrite/changeObjectTags.ts';
import type { Tag } from '../objects/tagRules.ts';
import { putObjectTags, type TaggedObject } from '../objects/tags.ts';
import type { Pace } from '../pace.ts';
import type { PreviousTagFiles } from './previousTagFiles.ts';
import { stopsTask } from '../interruption.ts';
import { formatResult } from './formerTags.ts';
import {
  failedRow,
  failureOf,
  problemFailure,
  succeededRow,
  type TaskFailure,
} from './resultRows.ts';
import { readTagsWithRetries } from './readTags.ts';
import type { AppliedChange } from './tagChange.ts';
import type { WorkItem } from './workList.ts';

export interface BatchContext {
  readonly clients: AwsClients;
  readonly pace: Pace;
  readonly beforeFiles: PreviousTagFiles;
  /** What an object with these tags is to have. */
  readonly plan: (item: WorkItem, current: readonly Tag[]) => AppliedChange;
  /** Whether rows say what was left too: for tasks that differ from object to object. */
  readonly keepsAfter: boolean;
  /** Whether nothing more is written: only what was written before a kill gets its row. */
  readonly settles: boolean;
}

export interface BatchResult {
  readonly succeeded: number;
  readonly failed: number;
  /** Of those that succeeded, how many were so already. */
  readonly unchanged: number;
  /** Called off before they were written. */
  readonly left: number;
  /** Rows of the report. */
  readonly succeededRows: string;
  readonly failedRows: string;
}

/** How often a change is made again because someone else has replaced the tags meanwhile. */
const ROUNDS = 3;

interface Known {
  readonly before: readonly Tag[];
  /** The round whose file says so. */
  readonly round: number;
}

interface Entry {
  readonly item: WorkItem;
  /** What a process that was killed has written down before it wrote. */
  readonly known?: Known;
  /** What the last look at it said. */
  readonly current?: readonly Tag[];
}

/** An object that needs a write. */
interface Write extends Entry {
  readonly before: readonly Tag[];
  readonly after: readonly Tag[];
}

/** What happened to an object, in the order of the list. */
type Outcome =
  | {
      readonly before: readonly Tag[];
      readonly after: readonly Tag[];
      /** Whose file has it; undefined for an object that was so already. */
      readonly round?: number;
    }
  | { readonly failure: TaskFailure };

/**
 * Changes the tags of some objects: reads them all, writes down what was there, writes, and reads
 * back; whose tags someone else has replaced meanwhile are done again. S3 knows no condition for
 * tags: what another client writes between our reading and our writing is lost, so that batches are
 * small. Run again after a kill at any point it changes nothing twice and knows what was there
 * before the first time.
 *
 * @throws BrigadeError what every other object would meet as well; `Cancelled` where the signal
 *   aborts before the first write
 */
export async function changeBatch(
  context: BatchContext,
  batch: { readonly number: number; readonly items: readonly WorkItem[] },
  options: CallOptions,
): Promise<BatchResult> {
  const outcomes = new Map<WorkItem, Outcome>();
  const earlier = await knownBefore(context, batch.number);
  let pending: readonly Entry[] = batch.items.map(item => ({
    item,
    known: earlier.tags.get(identity(item.object)),
  }));
  if (context.settles) pending = pending.filter(({ known }) => known !== undefined);
  for (let round = 1; round <= ROUNDS && pending.length > 0; round++) {
    const file = earlier.rounds + round;
    const writes = await lookAll(context, pending, { file, outcomes }, options);
    if (writes.length === 0) return resultOf(context, batch, outcomes);
    const rows = writes.map(({ item, before, after }) => ({ object: item.object, before, after }));
    await context.beforeFiles.write(batch.number, file, rows, options);
    pending = await writeAll(context, writes, { file, outcomes }, options);
  }
  for (const { item } of pending) {
    const message = 'The tags are being changed by another client';
    outcomes.set(item, { failure: { status: 409, code: 'TagsChanged', message } });
  }
  return resultOf(context, batch, outcomes);
}

interface Round {
  readonly file: number;
  readonly outcomes: Map<WorkItem, Outcome>;
}

async function knownBefore({ beforeFiles }: BatchContext, batch: number) {
  const tags = new Map<string, Known>();
  let rounds = 0;
  for (;;) {
    const rows = await beforeFiles.read(batch, rounds + 1);
    if (rows === undefined) return { tags, rounds };
    rounds += 1;
    for (const { object, before } of rows) tags.set(identity(object), { before, round: rounds });
  }
}

function identity({ bucket, key, versionId = '' }: TaggedObject): string {
  return JSON.stringify([bucket, key, versionId]);
}

/** Reads what has not been read yet and decides; answers those that need a write. */
async function lookAll(
  context: BatchContext,
  entries: readonly Entry[],
  round: Round,
  options: CallOptions,
): Promise<Write[]> {
  const looked = await all(entries, async entry => {
    try {
      const current = entry.current ?? (await read(context, entry.item.object, options));
      return decide(context, { ...entry, current }, round);
    } catch (error) {
      round.outcomes.set(entry.item, { failure: ownFailure(error) });
      return undefined;
    }
  });
  return looked.filter(write => write !== undefined);
}

function decide(
  context: BatchContext,
  entry: Entry & { readonly current: readonly Tag[] },
  { outcomes }: Round,
): Write | undefined {
  const { item, known, current } = entry;
  const intended = known && context.plan(item, known.before);
  if (intended && 'after' in intended && tagsHold(known.before, intended.after, current)) {
    // It was written before the kill.
    outcomes.set(item, { ...known, after: intended.after });
    return undefined;
  }
  if (context.settles) return undefined;
  const applied = context.plan(item, current);
  if ('problem' in applied) {
    outcomes.set(item, { failure: problemFailure(applied.problem) });
    return undefined;
  }
  if (applied.changed) return { ...entry, before: current, after: applied.after };
  outcomes.set(item, { before: current, after: current });
  return undefined;
}

/**
 * Writes and reads back; answers those that someone else has written over. Begun writes are not called
 * off: they may be done. An aborted signal only keeps others from beginning.
 */
async function writeAll(
  context: BatchContext,
  writes: readonly Write[],
  { file, outcomes }: Round,
  { signal }: CallOptions,
): Promise<Entry[]> {
  const written = await all(writes, async ({ item, before, after }) => {
    const refused = await write(context, item.object, after, signal);
    // It has not begun: the report is of what was done.
    if (isCancelled(refused)) return undefined;
    if (refused !== undefined && isRefusal(refused)) {
      outcomes.set(item, { failure: failureOf(refused) });
      return undefined;
    }
    // An answer that was lost says nothing: the tags do.
    const current = await readBack(context, item.object);
    const isThere = current ? tagsHold(before, after, current) : refused === undefined;
    if (isThere) outcomes.set(item, { before, after, round: file });
    else if (refused === undefined) return { item, current };
    else outcomes.set(item, { failure: ownFailure(refused) });
    return undefined;
  });
  return written.filter(entry => entry !== undefined);
}

async function read(
  { clients, pace }: BatchContext,
  object: TaggedObject,
  options: CallOptions,
): Promise<readonly Tag[]> {
  return await readTagsWithRetries(clients, pace, object, options);
}

/** The tags after a write; undefined where S3 does not let us look any more. */
async function readBack(
  context: BatchContext,
  object: TaggedObject,
): Promise<readonly Tag[] | undefined> {
  try {
    return await read(context, object, {});
  } catch (error) {
    ownFailure(error);
    return undefined;
  }
}

/** @returns what kept it from being written; undefined when it was. */
async function write(
  { clients, pace }: BatchContext,
  object: TaggedObject,
  tags: readonly Tag[],
  signal: AbortSignal | undefined,
): Promise<unknown> {
  try {
    const client = await clients.s3ForBucket(object.bucket);
    // An empty set clears; DeleteObjectTagging would too, but needs one more permission.
    await pace.run(() => putObjectTags(client, { ...object, tags }), { signal });
    return undefined;
  } catch (error) {
    return error;
  }
}

/** Whether AWS has answered that it was not done. */
function isRefusal(error: unknown): boolean {
  return (
    error instanceof BrigadeError &&
    ['AccessDenied', 'NotFound', 'InvalidInput', 'Conflict'].includes(error.code)
  );
}

function ownFailure(error: unknown): TaskFailure {
  if (stopsTask(error)) throw error;
  return failureOf(error);
}

/** Waits for all, also when one fails: none is still writing when the first error is thrown on. */
async function all<T, R>(items: readonly T[], task: (item: T) => Promise<R>): Promise<R[]> {
  const settled = await Promise.allSettled(items.map(task));
  return settled.map(one => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
}

const NOTHING = {
  succeeded: 0,
  failed: 0,
  unchanged: 0,
  left: 0,
  succeededRows: '',
  failedRows: '',
};

function resultOf(
  { beforeFiles, keepsAfter }: BatchContext,
  { number, items }: { readonly number: number; readonly items: readonly WorkItem[] },
  outcomes: ReadonlyMap<WorkItem, Outcome>,
): BatchResult {
  const result = { ...NOTHING };
  for (const item of items) {
    const outcome = outcomes.get(item);
    if (outcome === undefined) {
      result.left += 1;
      continue;
    }
    if ('failure' in outcome) {
      result.failed += 1;
      result.failedRows += failedRow(item.object, outcome.failure);
      continue;
    }
    const { before, after, round } = outcome;
    result.succeeded += 1;
    if (round === undefined) result.unchanged += 1;
    const message = formatResult(
      { before, ...(keepsAfter && { after }) },
      round === undefined ? undefined : beforeFiles.keyOf(number, round),
    );
    result.succeededRows += succeededRow(item.object, message);
  }
  return result;
}
