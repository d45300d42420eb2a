import type { StorageClass } from '@aws-sdk/client-s3';
import { join } from 'node:path';
import pLimit from 'p-limit';
import type { CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { toErrorFacts, type ErrorFacts } from '../errorFacts.ts';
import { BrigadeError } from '../errors.ts';
import { abortLeftovers } from '../objects/multipartUploads.ts';
import { BucketRules } from '../objects/rewrite/bucketRules.ts';
import { editObject } from '../objects/rewrite/editObject.ts';
import { UploadsFile } from '../objects/uploadsFile.ts';
import { Pace } from '../pace.ts';
import type { SelectionPosition } from '../selection/reading.ts';
import { readSelection } from '../selection/readSelection.ts';
import type { ObjectRef, ObjectSelection } from '../selection/selection.ts';
import { stopsTask } from '../interruption.ts';

export interface ChangeStorageClassInput {
  readonly selection: ObjectSelection;
  readonly storageClass: StorageClass;
  /** Bytes; what one CopyObject copies, unless a test says less. */
  readonly maxCopyBytes?: number;
}

/** Where a change keeps how far it is, and the parts of large objects. */
export interface ClassTask {
  readonly folder: string;
  readonly checkpoint: () => unknown;
  readonly save: (checkpoint: unknown) => Promise<void>;
}

/** Objects so far. */
export interface StorageClassProgress {
  readonly changed: number;
  /** They were in that class already. */
  readonly same: number;
  readonly failed: number;
}

export interface StorageClassResult extends StorageClassProgress {
  /** The first of those that failed. */
  readonly failures: readonly {
    readonly bucket: string;
    readonly key: string;
    readonly error: ErrorFacts;
  }[];
}

interface Options extends CallOptions {
  readonly onProgress?: (progress: StorageClassProgress) => void;
  /** Killed and called again with it, the change continues. */
  readonly task?: ClassTask;
}

interface Checkpoint extends StorageClassResult {
  readonly position: SelectionPosition;
}

/** Objects that are copied at a time, at most; fewer when S3 asks for it. */
const MAX_CONCURRENCY = 32;
/** So many objects in a row that the caller may not change: then it may change none of the others. */
const MAX_DENIED = 200;
/** Failures that are listed one by one. */
const MAX_FAILURES = 1000;

/**
 * Changes the storage class of all objects of a selection, each by a copy onto itself that keeps
 * the rest. Those that are in the class already are left alone, so that it can be begun again at
 * any time. Killed, it continues behind the last page of its selection that was done.
 *
 * @throws BrigadeError `Cancelled`, and what would meet all of them: expired credentials, no
 *   network, a permission that is lost meanwhile; what one object is refused for is in the result
 */
export async function changeStorageClass(
  clients: AwsClients,
  input: ChangeStorageClassInput,
  options: Options = {},
): Promise<StorageClassResult> {
  const { task, signal } = options;
  const known = task?.checkpoint() as Checkpoint | undefined;
  const change = new ClassChange(clients, input, options, known);
  const from = known?.position;
  const reading = readSelection(clients, input.selection, { signal, ...(from && { from }) });
  for await (const refs of reading) {
    await change.all(refs);
    const position = reading.position();
    await task?.save({ ...change.result(), position } satisfies Checkpoint);
  }
  return change.result();
}

/**
 * Deletes the parts of large objects that a change has left that does not continue.
 * @throws BrigadeError
 */
export async function discardClassChange(
  clients: AwsClients,
  { folder }: Pick<ClassTask, 'folder'>,
): Promise<void> {
  const uploads = uploadsOf(folder);
  for (const bucket of new Set(uploads.left().map(upload => upload.bucket))) {
    await abortLeftovers(await clients.s3ForBucket(bucket), bucket, uploads);
  }
}

function uploadsOf(folder: string): UploadsFile {
  return new UploadsFile(join(folder, 'uploads.json'));
}

class ClassChange {
  readonly #clients: AwsClients;
  readonly #input: ChangeStorageClassInput;
  readonly #uploads: UploadsFile | undefined;
  readonly #options: Options;
  readonly #pace = new Pace({ most: MAX_CONCURRENCY });
  readonly #limit = pLimit(MAX_CONCURRENCY);
  /** What a bucket says of all its objects, asked once. */
  readonly #rules = new Map<string, Promise<BucketRules>>();
  readonly #failures: StorageClassResult['failures'][number][] = [];
  #denied = 0;
  #changed: number;
  #same: number;
  #failed: number;

  constructor(
    clients: AwsClients,
    input: ChangeStorageClassInput,
    options: Options,
    known: StorageClassResult = { changed: 0, same: 0, failed: 0, failures: [] },
  ) {
    this.#clients = clients;
    this.#input = input;
    this.#options = options;
    this.#uploads = options.task && uploadsOf(options.task.folder);
    this.#changed = known.changed;
    this.#same = known.same;
    this.#failed = known.failed;
    this.#failures.push(...known.failures);
  }

  async all(refs: readonly ObjectRef[]): Promise<void> {
    // What would meet all the others was met by one: none is begun any more, and none left half done.
    let failure: { readonly error: unknown } | undefined;
    await this.#limit.map(refs, async ref => {
      if (failure) return;
      try {
        await this.#one(ref);
        this.#options.onProgress?.(this.#counts());
      } catch (error) {
        failure ??= { error };
      }
    });
    if (failure) throw failure.error;
  }

  result(): StorageClassResult {
    return { ...this.#counts(), failures: this.#failures };
  }

  async #one({ bucket, key, storageClass }: ObjectRef): Promise<void> {
    const { maxCopyBytes, ...wanted } = this.#input;
    if (storageClass === wanted.storageClass) {
      this.#same += 1;
      return;
    }
    try {
      const { signal } = this.#options;
      const rules = await this.#rulesOf(bucket);
      const edit = { storageClass: wanted.storageClass };
      const options = { signal, journal: this.#uploads, maxCopyBytes };
      const { isChanged } = await this.#pace.run(() => editObject(rules, key, edit, options), {
        signal,
      });
      this.#denied = 0;
      if (isChanged) this.#changed += 1;
      else this.#same += 1;
    } catch (error) {
      this.#fail(bucket, key, error);
    }
  }

  async #rulesOf(bucket: string): Promise<BucketRules> {
    const known = this.#rules.get(bucket);
    if (known) return await known;
    const rules = this.#clients
      .s3ForBucket(bucket, this.#options.signal)
      .then(client => new BucketRules(client, bucket));
    this.#rules.set(bucket, rules);
    return await rules;
  }

  /** @throws what all others would meet too */
  #fail(bucket: string, key: string, error: unknown): void {
    if (!(error instanceof BrigadeError) || stopsTask(error)) throw error;
    this.#denied = error.code === 'AccessDenied' ? this.#denied + 1 : 0;
    if (this.#denied >= MAX_DENIED) throw error;
    this.#failed += 1;
    if (this.#failures.length < MAX_FAILURES) {
      this.#failures.push({ bucket, key, error: toErrorFacts(error) });
    }
  }

  #counts(): StorageClassProgress {
    return { changed: this.#changed, same: this.#same, failed: this.#failed };
  }
}
