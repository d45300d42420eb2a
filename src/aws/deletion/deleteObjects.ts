import type { AwsClients } from '../clients.ts';
import { isCancelled } from '../errors.ts';
import { Pace } from '../pace.ts';
import type { SelectionPosition } from '../selection/reading.ts';
import { readSelection } from '../selection/readSelection.ts';
import type { ObjectRef, ObjectSelection } from '../selection/selection.ts';
import { toBrigadeError } from '../toBrigadeError.ts';
import { DeletionFiles } from './deletionFiles.ts';
import { Batches } from './batches.ts';
import {
  DeletionRun,
  findCreatedMarkers,
  type DeletionCounts,
  type DeletionOptions,
  type FailedItem,
} from './deletionRun.ts';

export interface DeleteObjectsInput {
  /** Each of one bucket. */
  readonly selections: readonly ObjectSelection[];
  /** False where it is known that no bucket of it keeps versions. */
  readonly makesMarkers: boolean;
  /** For what outlives the task: the delete markers that were made, the list of failures. */
  readonly folder: string;
  /** ISO 8601: when it was agreed to. What is written later stays when the delete is continued. */
  readonly agreedAt: string;
  /** It continues with one that was called off or that failed in part. */
  readonly isContinued?: boolean;
}

export interface DeleteObjectsResult extends DeletionCounts {
  /** Called off before all were deleted. */
  readonly cancelled: boolean;
  /** The first failures. */
  readonly failures: readonly FailedItem[];
  /** All of them, as a completion report has them; absent where there are none. */
  readonly failuresFile?: string;
}

/** Where a delete keeps how far it is. */
export interface Checkpoints {
  checkpoint(): unknown;
  save(checkpoint: unknown): Promise<void>;
}

interface Checkpoint {
  readonly counts: DeletionCounts;
  /** The selection that is being read, and how far. */
  readonly at: number;
  readonly position?: SelectionPosition;
}

/** Milliseconds between two checkpoints. */
const SAVE_MS = 1000;
/** Clocks may differ so much, in milliseconds. */
const CLOCKS_MS = 60_000;

/**
 * Deletes all objects of some selections, however many they are, while they are being listed.
 * Killed and called again with the same checkpoints and folder it continues where it was; what was
 * written since it was agreed to stays then. Called off, it ends with what it has done.
 *
 * @throws BrigadeError what keeps all objects from being deleted, to continue later (`Network`,
 *   `CredentialsExpired` …), or from being listed (`AccessDenied`, `NotFound`)
 */
export async function deleteObjects(
  clients: AwsClients,
  input: DeleteObjectsInput,
  checkpoints: Checkpoints,
  options: DeletionOptions = {},
): Promise<DeleteObjectsResult> {
  const files = new DeletionFiles(input.folder);
  await files.begin();
  const saved = checkpoints.checkpoint() as Checkpoint | undefined;
  const known = await recover(clients, files);
  const counts = saved?.counts;
  const run = new DeletionRun({ clients, files, ...input, counts, first: known.next }, options);
  run.recovered(known.found);
  const context = { clients, input, checkpoints, files, run, gone: known.gone, saved };
  const deletion = new Deletion(context, options);
  try {
    await deletion.all();
    await files.forgetAll();
    return resultOf(run, files, false);
  } catch (error) {
    // What has begun is settled first: the result says what is gone.
    await run.settle().catch(() => undefined);
    if (options.signal?.aborted || isCancelled(toBrigadeError(error))) {
      return resultOf(run, files, true);
    }
    await deletion.save();
    throw error;
  }
}

function resultOf(run: DeletionRun, files: DeletionFiles, cancelled: boolean): DeleteObjectsResult {
  const failuresFile = run.counts.failed > 0 ? files.failures : undefined;
  return { ...run.counts, cancelled, failures: run.samples, ...(failuresFile && { failuresFile }) };
}

/** What a process that was killed has done since its last checkpoint. */
interface Recovered {
  /** The names of the objects that are gone. */
  readonly gone: ReadonlySet<string>;
  /** So many of them were not known to be. */
  readonly found: number;
  readonly next: number;
}

/**
 * Finds out what happened to the requests that a killed process has sent: the markers on their keys
 * are noted, so that they can be undone and are not made twice.
 */
async function recover(clients: AwsClients, files: DeletionFiles): Promise<Recovered> {
  const gone = new Set<string>();
  const pace = new Pace({ most: 4 });
  let [found, next] = [0, 0];
  for (const { number, done, batch } of await files.sent()) {
    const { bucket, keys, at } = batch;
    next = Math.max(next, number + 1);
    if (done) {
      for (const key of keys) gone.add(objectId({ bucket, key }));
      continue;
    }
    const client = await clients.s3ForBucket(bucket);
    const made = await findCreatedMarkers(client, { bucket, keys, since: at }, { pace });
    await files.addMarkers(made);
    const names = new Set(made.map(({ key }) => objectId({ bucket, key })));
    for (const name of names) gone.add(name);
    found += names.size;
    // What has no marker was not deleted.
    await files.send(number, { ...batch, keys: [...new Set(made.map(({ key }) => key))] });
    await files.settle(number);
  }
  return { gone, found, next };
}

function objectId({ bucket, key }: Pick<ObjectRef, 'bucket' | 'key'>): string {
  return `${bucket}/${key}`;
}

interface DeletionContext {
  readonly clients: AwsClients;
  readonly input: DeleteObjectsInput;
  readonly checkpoints: Checkpoints;
  readonly files: DeletionFiles;
  readonly run: DeletionRun;
  readonly gone: ReadonlySet<string>;
  readonly saved: Checkpoint | undefined;
}

class Deletion {
  readonly #context: DeletionContext;
  readonly #options: DeletionOptions;
  #last: Pick<Checkpoint, 'at' | 'position'> | undefined;
  /** Batches that are done, and whose keys are written down. */
  #settled: number[] = [];
  #savedAt = performance.now();
  #saving: Promise<void> = Promise.resolve();

  constructor(context: DeletionContext, options: DeletionOptions) {
    this.#context = context;
    this.#options = options;
  }

  async all(): Promise<void> {
    const { input, saved, run } = this.#context;
    for (const [at, selection] of input.selections.entries()) {
      if (at < (saved?.at ?? 0)) continue;
      const from = saved?.at === at ? saved.position : undefined;
      await this.#one(at, this.#sparing(selection), from);
      await run.settle();
    }
    await this.#saving;
  }

  /**
   * What someone has written since it was agreed to is not meant, should it continue much later.
   */
  #sparing(selection: ObjectSelection): ObjectSelection {
    const { input, saved } = this.#context;
    if (selection.kind !== 'listing' || !(saved || input.isContinued)) return selection;
    const modifiedBefore = new Date(Date.parse(input.agreedAt) + CLOCKS_MS).toISOString();
    return { ...selection, filter: { modifiedBefore, ...selection.filter } };
  }

  async #one(at: number, selection: ObjectSelection, from?: SelectionPosition): Promise<void> {
    const { clients, run, gone } = this.#context;
    const { signal } = this.#options;
    const done = new InOrder<SelectionPosition>((position, numbers) =>
      this.#reached({ at, position }, numbers),
    );
    const batches = new Batches<SelectionPosition>();
    const begin = async (
      batch: { items: ObjectRef[]; mark: SelectionPosition } | undefined,
    ): Promise<void> => {
      if (batch) await run.begin(batch.items, done.begin(batch.mark));
    };
    const reading = readSelection(clients, selection, { signal, ...(from && { from }) });
    for await (const refs of reading) {
      const rest = gone.size === 0 ? refs : refs.filter(ref => !gone.has(objectId(ref)));
      run.found(rest.length);
      if (rest.length > 0) await begin(batches.add(rest, reading.position()));
    }
    await begin(batches.end());
  }

  #reached(place: Pick<Checkpoint, 'at' | 'position'>, numbers: readonly number[]): void {
    this.#last = place;
    this.#settled.push(...numbers);
    const now = performance.now();
    if (now - this.#savedAt < SAVE_MS) return;
    this.#savedAt = now;
    this.#saving = this.save();
  }

  /** A checkpoint that can't be written only means that more is done again. */
  async save(): Promise<void> {
    const { checkpoints, files, input, run } = this.#context;
    if (!this.#last) return;
    const checkpoint: Checkpoint = { counts: run.counts, ...this.#last };
    const settled = this.#settled.splice(0);
    try {
      await checkpoints.save(checkpoint);
      if (input.makesMarkers) await files.forget(settled);
    } catch {
      this.#settled.push(...settled);
    }
  }
}

/** Tells of the last of some pieces of work that is done with all before it. */
class InOrder<Mark> {
  readonly #pieces: { readonly mark: Mark; number?: number }[] = [];
  readonly #onDone: (mark: Mark, numbers: readonly number[]) => void;

  constructor(onDone: (mark: Mark, numbers: readonly number[]) => void) {
    this.#onDone = onDone;
  }

  /** Answers what is to be called with its number when it is done. */
  begin(mark: Mark): (number: number) => void {
    const piece: { readonly mark: Mark; number?: number } = { mark };
    this.#pieces.push(piece);
    return number => {
      piece.number = number;
      const numbers: number[] = [];
      let last: Mark | undefined;
      while (this.#pieces[0]?.number !== undefined) {
        numbers.push(this.#pieces[0].number);
        last = this.#pieces.shift()?.mark;
      }
      if (last !== undefined) this.#onDone(last, numbers);
    };
  }
}
