import { BrigadeError } from '../errors.ts';
import { encodeManifestKey } from '../manifest/manifestKey.ts';
import { MAX_PARTS, partSize } from './manifestParts.ts';
import type { ManifestUpload, UploadedPart } from './manifestUpload.ts';
import type { SelectionPosition } from './reading.ts';
import { RowBuffer } from './rowBuffer.ts';
import type { ObjectRef } from './selection.ts';

/** How far the writing of a manifest is, as JSON. */
export interface ManifestCheckpoint extends WrittenRows {
  readonly uploadId: string;
  readonly parts: readonly UploadedPart[];
  /** What the parts hold is behind it; absent: nothing. */
  readonly position?: SelectionPosition;
  /** Whether all rows are in the parts. */
  readonly complete?: boolean;
}

/** What the parts of a checkpoint hold. */
interface WrittenRows {
  readonly rows: number;
  /** Bytes. */
  readonly size: number;
  /** Whether rows have a version id; undefined before the first. */
  readonly withVersions?: boolean;
  readonly buckets: readonly (readonly [name: string, rows: number])[];
}

/** Keeps a checkpoint; resolves when it is on disk. */
interface Keeper {
  save(checkpoint: ManifestCheckpoint): Promise<void>;
}

/** Parts that are held in memory: those under way, and one that is written. */
const MAX_HELD_BYTES = 16 * 1024 * 1024;
/** Distinct buckets counted. */
const MAX_BUCKETS = 1000;

/**
 * Writes the rows of a manifest into the parts of an upload. A checkpoint is kept when a part and all
 * before it are uploaded: the rows in them and the position of the reading always belong together.
 */
export class ManifestWriter {
  readonly #upload: ManifestUpload;
  readonly #keeper: Keeper;
  readonly #buffer = new RowBuffer();
  readonly #buckets: Map<string, number>;
  /** The parts from the first on that are uploaded. */
  readonly #parts: UploadedPart[];
  /** Those that wait for one before them. */
  readonly #uploaded = new Map<number, { part: UploadedPart; state: WrittenState }>();
  readonly #sending = new Map<number, Promise<void>>();
  #uploadId: string | undefined;
  #withVersions: boolean | undefined;
  #sealed: number;
  #heldBytes = 0;
  #sealedBytes: number;
  #failure: { readonly error: unknown } | undefined;
  #saved: Promise<void> = Promise.resolve();
  #complete: boolean;
  #rows: number;

  /** @param withVersions undefined where the first object tells */
  constructor(
    upload: ManifestUpload,
    keeper: Keeper,
    saved: ManifestCheckpoint | undefined,
    withVersions: boolean | undefined,
  ) {
    this.#upload = upload;
    this.#keeper = keeper;
    this.#uploadId = saved?.uploadId;
    this.#parts = [...(saved?.parts ?? [])];
    this.#sealed = this.#parts.length;
    this.#sealedBytes = saved?.size ?? 0;
    this.#rows = saved?.rows ?? 0;
    this.#buckets = new Map(saved?.buckets);
    this.#withVersions = saved?.withVersions ?? withVersions;
    this.#complete = saved?.complete ?? false;
  }

  get rows(): number {
    return this.#rows;
  }

  get withVersions(): boolean {
    return this.#withVersions ?? false;
  }

  /**
   * Adds a batch of rows; waits while too much of it is on its way.
   *
   * @param position where the reading is behind this batch
   * @throws BrigadeError what uploading an earlier part threw, or `InvalidInput`
   */
  async write(refs: readonly ObjectRef[], position: () => SelectionPosition): Promise<void> {
    this.#throwFailure();
    if (refs.length === 0) return;
    this.#withVersions ??= refs[0]?.versionId !== undefined;
    this.#buffer.append(refs.map(ref => this.#row(ref)).join(''));
    this.#rows += refs.length;
    if (this.#buffer.length >= partSize(this.#sealed + 1)) await this.#seal(position());
  }

  /** Uploads what is left and waits for all parts. @throws BrigadeError */
  async finish(position: SelectionPosition): Promise<void> {
    if (this.#buffer.length > 0) await this.#seal(position);
    await this.settle();
    this.#throwFailure();
    this.#complete = true;
    await this.#save(this.#state(position));
  }

  /** Makes the manifest of its parts. @throws BrigadeError */
  async complete() {
    const made = await this.#upload.complete(this.#uploadId ?? '', this.#parts);
    const buckets = [...this.#buckets]
      .map(([bucket, rows]) => ({ bucket, rows }))
      .sort((a, b) => b.rows - a.rows);
    return { ...made, rows: this.#rows, size: this.#sealedBytes, buckets };
  }

  /** Waits until nothing is on its way any more, however it went. */
  async settle(): Promise<void> {
    await Promise.allSettled(this.#sending.values());
    await this.#saved;
  }

  #row({ bucket, key, versionId }: ObjectRef): string {
    if ((versionId !== undefined) !== this.#withVersions) {
      throw new BrigadeError('InvalidInput', 'Either all objects must have a version id, or none', {
        problem: { kind: 'mixedVersions' },
      });
    }
    this.#count(bucket);
    const version = versionId === undefined ? '' : `,${versionId}`;
    return `${bucket},${encodeManifestKey(key)}${version}\n`;
  }

  #count(bucket: string): void {
    const rows = this.#buckets.get(bucket);
    if (rows === undefined && this.#buckets.size >= MAX_BUCKETS) return;
    this.#buckets.set(bucket, (rows ?? 0) + 1);
  }

  async #seal(position: SelectionPosition): Promise<void> {
    if (this.#sealed >= MAX_PARTS) {
      throw new BrigadeError('InvalidInput', 'The manifest has more rows than an object can hold', {
        problem: { kind: 'longManifest' },
      });
    }
    const body = this.#buffer.take();
    const number = ++this.#sealed;
    this.#sealedBytes += body.length;
    this.#heldBytes += body.length;
    this.#uploadId ??= await this.#begin();
    this.#sending.set(number, this.#send(number, body, this.#state(position)));
    while (this.#heldBytes >= MAX_HELD_BYTES && this.#sending.size > 0) {
      await Promise.race(this.#sending.values());
    }
    this.#throwFailure();
  }

  /** From when S3 knows of the upload, its id is on disk before anything else happens. */
  async #begin(): Promise<string> {
    const uploadId = await this.#upload.begin();
    const nothing = { rows: 0, size: 0, withVersions: this.#withVersions, buckets: [] };
    await this.#save(nothing, uploadId);
    return uploadId;
  }

  async #send(number: number, body: Buffer, state: WrittenState): Promise<void> {
    try {
      const part = await this.#upload.part(this.#uploadId ?? '', number, body);
      this.#uploaded.set(number, { part, state });
      await this.#advance();
    } catch (error) {
      this.#failure ??= { error };
    } finally {
      this.#heldBytes -= body.length;
      this.#sending.delete(number);
    }
  }

  /** Keeps a checkpoint when the next part after the last one kept is there. */
  async #advance(): Promise<void> {
    let latest: WrittenState | undefined;
    for (;;) {
      const next = this.#uploaded.get(this.#parts.length + 1);
      if (!next) break;
      this.#parts.push(next.part);
      this.#uploaded.delete(this.#parts.length);
      latest = next.state;
    }
    if (latest) await this.#save(latest);
  }

  async #save(state: WrittenState, uploadId = this.#uploadId ?? ''): Promise<void> {
    const checkpoint = { ...state, uploadId, parts: [...this.#parts], complete: this.#complete };
    const saved = this.#saved.then(() => this.#keeper.save(checkpoint));
    this.#saved = saved.catch(() => undefined);
    await saved;
  }

  #state(position: SelectionPosition): WrittenState {
    return {
      ...{ rows: this.#rows, size: this.#sealedBytes, withVersions: this.#withVersions },
      ...{ buckets: [...this.#buckets], position },
    };
  }

  #throwFailure(): void {
    if (this.#failure) throw this.#failure.error;
  }
}

interface WrittenState extends WrittenRows {
  readonly position?: SelectionPosition;
}
