import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Query, Store } from '../store.ts';

/** Up to this many bytes a body lives in the database: one write instead of a file. */
const INLINE_LIMIT = 64 * 1024;
/** Bytes collected before a write to a file. */
const WRITE_SIZE = 256 * 1024;

/** A run of bytes: a whole object, or one part of a multipart upload. */
export interface Blob {
  readonly id: number;
  /** In bytes. */
  readonly size: number;
}

/** Bytes that were received but belong to no record yet. */
export interface StagedBlob {
  readonly size: number;
  readonly data?: Buffer;
  /** The name of a file in the folder `objects`. */
  readonly file?: string;
}

/** A file that is not deleted before it is released; releasing it again does nothing. */
export interface HeldFile {
  readonly path: string;
  readonly release: () => void;
}

interface BlobRow {
  readonly file: string | null;
  readonly data: Uint8Array | null;
}

const TABLE = 'CREATE TABLE IF NOT EXISTS blob (id INTEGER PRIMARY KEY, file TEXT, data BLOB)';

/**
 * The bytes of objects. A large body is first written to a file of a random name, which nobody can
 * see until a record names it; what a kill leaves unnamed is swept away at the next start.
 */
export class Blobs {
  private readonly store: Store;
  private readonly folder: string;
  /** How many read a file now. */
  private readonly readers = new Map<string, number>();
  /** Files that were deleted while someone read them. */
  private readonly doomed = new Set<string>();
  private readonly select: Query<BlobRow>;
  private readonly selectFiles: Query<{ file: string }>;
  private readonly insertRow: Query<never>;
  private readonly deleteRow: Query<{ file: string | null }>;

  constructor(store: Store) {
    this.store = store;
    this.folder = join(store.directory, 'objects');
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    store.define(TABLE);
    this.select = store.prepare('SELECT file, data FROM blob WHERE id = ?');
    this.selectFiles = store.prepare('SELECT file FROM blob WHERE file IS NOT NULL');
    this.insertRow = store.prepare('INSERT INTO blob (file, data) VALUES (?, ?)');
    this.deleteRow = store.prepare('DELETE FROM blob WHERE id = ? RETURNING file');
  }

  /** Deletes files that no record names. */
  sweep(): void {
    const named = new Set(this.selectFiles.all().map(row => row.file));
    for (const directory of readdirSync(this.folder)) {
      for (const name of readdirSync(join(this.folder, directory))) {
        const file = `${directory}/${name}`;
        if (!named.has(file)) this.unlink(file);
      }
    }
  }

  /**
   * Takes a body in, in memory while it is small and else in a file.
   * @throws whatever reading `body` throws; nothing is left behind then.
   */
  async stage(body: Buffer | AsyncIterable<Buffer>): Promise<StagedBlob> {
    if (Buffer.isBuffer(body) && body.length <= INLINE_LIMIT) {
      return { size: body.length, data: body };
    }
    const writer = new StagingWriter(this.folder);
    try {
      for await (const chunk of Buffer.isBuffer(body) ? [body] : body) await writer.write(chunk);
      return await writer.finish();
    } catch (error) {
      await writer.abandon();
      throw error;
    }
  }

  /** Makes a staged body part of the running transaction. */
  keep(staged: StagedBlob): Blob {
    const { lastRowId } = this.insertRow.run(staged.file ?? null, staged.data ?? null);
    return { id: lastRowId, size: staged.size };
  }

  /** Forgets a staged body that no record will name. */
  discard(staged: StagedBlob): void {
    if (staged.file !== undefined) this.unlink(staged.file);
  }

  /** Deletes blobs in the running transaction; their files go when it has committed. */
  delete(blobs: readonly Blob[]): void {
    for (const blob of blobs) {
      const file = this.deleteRow.get(blob.id)?.file;
      if (typeof file === 'string') this.store.afterCommit(() => this.unlink(file));
    }
  }

  /**
   * Opens a blob for reading: the bytes themselves, or a file that stays until the reader lets it go,
   * whatever is deleted meanwhile.
   */
  open(blob: Blob): Buffer | HeldFile {
    const row = this.select.get(blob.id);
    if (!row) throw new Error(`Blob ${blob.id} is missing.`);
    if (row.file !== null) return this.hold(row.file);
    const data = row.data ?? new Uint8Array();
    return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  }

  private hold(file: string): HeldFile {
    this.readers.set(file, (this.readers.get(file) ?? 0) + 1);
    let held = true;
    const release = (): void => {
      if (!held) return;
      held = false;
      this.letGo(file);
    };
    return { path: join(this.folder, file), release };
  }

  private letGo(file: string): void {
    const left = (this.readers.get(file) ?? 1) - 1;
    if (left > 0) {
      this.readers.set(file, left);
      return;
    }
    this.readers.delete(file);
    if (this.doomed.delete(file)) this.unlink(file);
  }

  private unlink(file: string): void {
    if (this.readers.has(file)) {
      this.doomed.add(file);
      return;
    }
    try {
      rmSync(join(this.folder, file), { force: true });
    } catch {
      // Another program may hold it, as a virus scanner does; the next start sweeps it.
    }
  }
}

class StagingWriter {
  private readonly folder: string;
  private pending: Buffer[] = [];
  private pendingSize = 0;
  private size = 0;
  private file: { readonly name: string; readonly handle: FileHandle } | undefined;

  constructor(folder: string) {
    this.folder = folder;
  }

  async write(chunk: Buffer): Promise<void> {
    this.pending.push(chunk);
    this.pendingSize += chunk.length;
    this.size += chunk.length;
    const limit = this.file ? WRITE_SIZE : INLINE_LIMIT;
    if (this.pendingSize > limit) await this.flush();
  }

  async finish(): Promise<StagedBlob> {
    if (!this.file) return { size: this.size, data: Buffer.concat(this.pending) };
    await this.flush();
    await this.file.handle.close();
    return { size: this.size, file: this.file.name };
  }

  async abandon(): Promise<void> {
    if (!this.file) return;
    await this.file.handle.close();
    rmSync(join(this.folder, this.file.name), { force: true });
  }

  private async flush(): Promise<void> {
    this.file ??= await this.create();
    const { handle } = this.file;
    const buffers = this.pending;
    this.pending = [];
    this.pendingSize = 0;
    await writeAll(handle, buffers);
  }

  private async create(): Promise<{ name: string; handle: FileHandle }> {
    const id = randomBytes(16).toString('hex');
    const directory = id.slice(0, 2);
    mkdirSync(join(this.folder, directory), { recursive: true, mode: 0o700 });
    const name = `${directory}/${id}`;
    return { name, handle: await open(join(this.folder, name), 'wx', 0o600) };
  }
}

/** Writes without joining the buffers first; a write may take only some of the bytes. */
async function writeAll(handle: FileHandle, buffers: readonly Buffer[]): Promise<void> {
  let rest = buffers.filter(buffer => buffer.length > 0);
  while (rest.length > 0) {
    let { bytesWritten } = await handle.writev(rest);
    rest = rest.flatMap(buffer => {
      const taken = Math.min(bytesWritten, buffer.length);
      bytesWritten -= taken;
      return taken === buffer.length ? [] : [buffer.subarray(taken)];
    });
  }
}
