import { EventEmitter } from 'vscode';
import type { FindProgress } from '../../aws/find/findTask.ts';
import { readFound } from '../../aws/find/foundFile.ts';
import { compareKeys } from '../../aws/selection/keyOrder.ts';
import type { Listing, ObjectRef } from '../../aws/selection/selection.ts';
import type { Services, Session } from '../../services.ts';
import { isCancellation } from '../../vscode/cancellation.ts';
import { ownerLabel } from '../../vscode/ownerLabel.ts';
import { foundRow, objectRow, type BucketRow, type ObjectRow } from '../tree/rows.ts';

/** Rows that are shown at first, and that "Load more" adds. */
const STEP = 1_000;

export interface SearchInput {
  readonly session: Session;
  readonly listings: readonly Listing[];
  /** The rows of the buckets that are searched, by their names. */
  readonly buckets: ReadonlyMap<string, BucketRow>;
  /** A local file for all that is found. */
  readonly file: string;
  readonly title: string;
}

/**
 * One search: what is found goes to a file, and its first rows into memory. A search that was stopped
 * keeps what it found.
 */
export class Search {
  readonly input: SearchInput;
  readonly #abort = new AbortController();
  readonly #changed = new EventEmitter<'rows' | 'progress'>();
  readonly onDidChange = this.#changed.event;
  state: 'running' | 'done' | 'stopped' | 'failed' = 'running';
  progress: FindProgress | undefined;
  rows: ObjectRow[] = [];
  /** Where the next row begins in the file. */
  #next = 0;
  #most = STEP;
  #reading: Promise<void> = Promise.resolve();

  constructor(input: SearchInput) {
    this.input = input;
  }

  /** How many are found and not shown yet. */
  get hidden(): number {
    const { found = 0, length = 0 } = this.progress ?? {};
    return this.#next < length ? Math.max(found - this.rows.length, 1) : 0;
  }

  /** Resolves when the search has ended, also when it was stopped. @throws BrigadeError */
  async run(worker: Services['worker']): Promise<void> {
    const { session, listings, file, title } = this.input;
    try {
      const onProgress = (progress: FindProgress): void => this.#take(progress);
      const options = { title, signal: this.#abort.signal, onProgress };
      this.#take(await worker.run(session, 'findObjects', { listings, file }, options));
      this.state = 'done';
    } catch (error) {
      this.state = isCancellation(error) ? 'stopped' : 'failed';
      if (this.state === 'failed') throw error;
    } finally {
      await this.#reading;
      if (this.hidden === 0) this.rows.sort((a, b) => compareKeys(a.key, b.key));
      this.#changed.fire('rows');
    }
  }

  stop(): void {
    this.#abort.abort();
  }

  async loadMore(): Promise<void> {
    this.#most = this.rows.length + STEP;
    await this.#read();
  }

  /** Leaves out rows of objects that are no more, and shows others as they are now. */
  replace(now: ReadonlyMap<ObjectRow, ObjectRow | undefined>): void {
    this.rows = this.rows.flatMap(row => (now.has(row) ? (now.get(row) ?? []) : row));
    this.#changed.fire('rows');
  }

  #take(progress: FindProgress): void {
    if (this.progress && progress.begun !== this.progress.begun) {
      // The worker was killed and has started again: the file, too.
      this.rows = [];
      this.#next = 0;
    }
    this.progress = progress;
    this.#changed.fire('progress');
    void this.#read();
  }

  /** One reading after the other, so that no row comes twice. */
  #read(): Promise<void> {
    const read = async (): Promise<void> => {
      const { length = 0, begun } = this.progress ?? {};
      const most = this.#most - this.rows.length;
      if (most <= 0 || this.#next >= length) return;
      const page = await readFound(this.input.file, { from: this.#next, length, most });
      if (this.progress?.begun !== begun) return;
      this.#next = page.next;
      this.rows.push(...page.refs.map(ref => this.#rowOf(ref)));
      this.#changed.fire('rows');
    };
    // Cleared meanwhile: its file is gone.
    this.#reading = this.#reading.then(read).catch(() => undefined);
    return this.#reading;
  }

  #rowOf({ bucket, key, size = 0, lastModified, storageClass }: ObjectRef): ObjectRow {
    const { session } = this.input;
    const id = `${session.connection.id}/${session.identity.accountId}/${bucket}/`;
    const connectionId = session.connection.id;
    const root = { kind: 'connection', id: `connection|${connectionId}`, connectionId } as const;
    const parent = this.input.buckets.get(bucket) ?? {
      ...({ kind: 'bucket', id, session: session.key, bucket, pinned: false } as const),
      // Addresses then say whose they are.
      ...(ownerLabel(session) !== undefined && { parent: root }),
    };
    const date = lastModified === undefined ? {} : { lastModified: new Date(lastModified) };
    return foundRow(objectRow(parent, { key, size, storageClass, ...date }));
  }
}
