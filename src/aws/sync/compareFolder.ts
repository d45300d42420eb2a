import type { CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { compareKeys } from '../selection/keyOrder.ts';
import { differs } from './differs.ts';
import { localEntries, type LocalEntry } from './localEntries.ts';
import { LocalNames } from './localNames.ts';
import { remoteEntries, type RemoteEntry } from './remoteEntries.ts';
import { PlanWriter } from './planFile.ts';
import { Tally } from './tally.ts';
import type { CompareFolderInput, CompareProgress, PlanItem, SyncSummary } from './syncPlan.ts';

interface Options extends CallOptions {
  readonly onProgress?: (progress: CompareProgress) => void;
}

/**
 * Compares a folder with a prefix, and writes what a sync would do: both are read in the same order, so
 * that neither is held as a whole. Nothing else is changed.
 *
 * @throws BrigadeError; what the file system says of the folder
 */
export async function compareFolder(
  clients: AwsClients,
  input: CompareFolderInput,
  options: Options,
): Promise<SyncSummary> {
  const client = await clients.s3ForBucket(input.bucket, options.signal);
  const plan = new PlanWriter(input.planFile);
  const comparison = new Comparison(input, item => plan.write(item));
  const isUp = input.direction === 'up';
  const files = localEntries(input.folder, {
    ...{ followLinks: isUp, signal: options.signal },
    prefixBytes: isUp ? Buffer.byteLength(input.prefix) : 0,
  });
  try {
    const objects = remoteEntries(client, input, options);
    await merge(files, objects, comparison, progress => options.onProgress?.(progress));
    await comparison.end();
  } finally {
    await plan.end();
  }
  return comparison.summary;
}

/** Goes through both in their common order. */
async function merge(
  files: AsyncGenerator<LocalEntry>,
  objects: AsyncGenerator<RemoteEntry>,
  comparison: Comparison,
  onProgress: (progress: CompareProgress) => void,
): Promise<void> {
  const counts = { files: 0, objects: 0 };
  const nextFile = async () => {
    for (;;) {
      const next = await files.next();
      if (next.done) return undefined;
      counts.files++;
      const entry: LocalEntry = next.value;
      if (!('skipped' in entry)) return entry;
      comparison.skipLocal(entry.path, entry.skipped);
    }
  };
  const nextObject = async () => {
    const next = await objects.next();
    if (next.done) return undefined;
    if (++counts.objects % 100 === 0) onProgress({ ...counts });
    return next.value;
  };
  try {
    let [file, object] = await Promise.all([nextFile(), nextObject()]);
    while (file || object) {
      const order = !file ? 1 : !object ? -1 : compareKeys(file.path, object.path);
      await comparison.add(order <= 0 ? file : undefined, order >= 0 ? object : undefined);
      if (order <= 0) file = await nextFile();
      if (order >= 0) object = await nextObject();
    }
    onProgress(counts);
  } finally {
    await Promise.all([files.return(undefined), objects.return(undefined)]);
  }
}

type Sized = RemoteEntry;

class Comparison {
  readonly #input: CompareFolderInput;
  readonly #write: (item: PlanItem) => Promise<void>;
  readonly #tally = new Tally();
  readonly #names: LocalNames;
  /** Of the source, what can't be read: what the target has there isn't superfluous. */
  readonly #unknown: string[] = [];
  /** Where names ignore case, a file may be superfluous only by its name. */
  readonly #doubtful: Sized[] = [];

  constructor(input: CompareFolderInput, write: (item: PlanItem) => Promise<void>) {
    this.#input = input;
    this.#write = write;
    this.#names = new LocalNames(input.rules);
  }

  get summary(): SyncSummary {
    return this.#tally.summary;
  }

  skipLocal(path: string, reason: Parameters<Tally['skip']>[1]): void {
    this.#tally.skip(path, reason);
    if (this.#input.direction === 'up') this.#unknown.push(path);
  }

  /** What is at one place on either side. */
  async add(file: Sized | undefined, object: Sized | undefined): Promise<void> {
    const { direction } = this.#input;
    const isUp = direction === 'up';
    const refused = !isUp && object ? this.#names.refuse(object.path) : undefined;
    if (refused && object) {
      this.#tally.skip(object.path, refused);
      return;
    }
    const [source, target] = isUp ? [file, object] : [object, file];
    if (source) await this.#copy(source, file, object);
    else if (target) await this.#remove(target);
  }

  async #copy(source: Sized, file: Sized | undefined, object: Sized | undefined): Promise<void> {
    const { direction, comparison } = this.#input;
    const isSame = file && object && !differs(direction, comparison, file, object);
    const kind = isSame ? 'same' : file && object ? 'changed' : 'created';
    this.#tally.count(kind, source);
    if (isSame) return;
    const { path, size } = source;
    const modified = direction === 'down' ? { modified: source.modified } : {};
    await this.#write({ action: 'copy', path, size, ...modified });
  }

  async #remove(target: Sized): Promise<void> {
    if (this.#isUnknown(target.path)) return;
    if (this.#input.direction === 'down' && this.#input.rules.ignoreCase) {
      this.#doubtful.push(target);
      return;
    }
    await this.#delete(target);
  }

  /** Keys come in order: what is before the first of them won't be asked for again. */
  #isUnknown(path: string): boolean {
    const unknown = this.#unknown;
    while (unknown[0] !== undefined && compareKeys(`${unknown[0]}0`, path) <= 0) unknown.shift();
    return unknown.some(one => path === one || path.startsWith(`${one}/`));
  }

  async #delete(target: Sized): Promise<void> {
    this.#tally.count('deleted', target);
    await this.#write({ action: 'delete', path: target.path, size: target.size });
  }

  async end(): Promise<void> {
    for (const file of this.#doubtful) {
      if (!this.#names.isTaken(file.path)) await this.#delete(file);
    }
  }
}
