import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { renameFileSync } from '../../../system/renameFile.ts';
import type { Query, Store } from '../../store.ts';
import { BlockChecks } from './blockChecks.ts';

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
  /** The name that its file will have in the folder `objects`. */
  readonly file?: string;
  /** See BlockChecks. */
  readonly checks?: Buffer;
}

/** The bytes of a blob in memory. */
export interface InlineBytes {
  readonly bytes: Buffer;
  /** Nothing for what was stored before there were checks. */
  readonly checks: Buffer | undefined;
}

/** A file that is not deleted before it is released; releasing it again does nothing. */
export interface HeldFile {
  readonly path: string;
  readonly checks: Buffer | undefined;
  readonly release: () => void;
}

interface BlobRow {
  readonly file: string | null;
  readonly data: Uint8Array | null;
  readonly checks: Uint8Array | null;
}

const TABLES = `
  CREATE TABLE IF NOT EXISTS blob (
    id INTEGER PRIMARY KEY, file TEXT, data BLOB, checks BLOB);
  CREATE TABLE IF NOT EXISTS deleted_file (file TEXT PRIMARY KEY) WITHOUT ROWID;`;
/** Where files are until a record names them. */
const INCOMING = 'incoming';

/**
 * The bytes of objects. A large body is first written to a file in the folder `incoming`, and moved out
 * of it in the transaction that names it. At the next start after a kill, what is still there was never
 * acknowledged and is swept away; of all other files only those that the database says are deleted.
 */
export class Blobs {
  private readonly store: Store;
  private readonly folder: string;
  /** How many read a file now. */
  private readonly readers = new Map<string, number>();
  /** Files that were deleted while someone read them. */
  private readonly doomed = new Set<string>();
  private readonly select: Query<BlobRow>;
  private readonly selectDeleted: Query<{ file: string }>;
  private readonly insertRow: Query<never>;
  private readonly deleteRow: Query<{ file: string | null }>;
  private readonly insertDeleted: Query<never>;
  private readonly forgetDeleted: Query<never>;
  /** Deleted files that are gone: the database need not know them any more. */
  private gone: string[] = [];

  constructor(store: Store) {
    this.store = store;
    this.folder = join(store.directory, 'objects');
    mkdirSync(join(this.folder, INCOMING), { recursive: true, mode: 0o700 });
    store.define(TABLES);
    this.select = store.prepare('SELECT file, data, checks FROM blob WHERE id = ?');
    this.selectDeleted = store.prepare('SELECT file FROM deleted_file');
    this.insertRow = store.prepare('INSERT INTO blob (file, data, checks) VALUES (?, ?, ?)');
    this.deleteRow = store.prepare('DELETE FROM blob WHERE id = ? RETURNING file');
    this.insertDeleted = store.prepare('INSERT OR IGNORE INTO deleted_file VALUES (?)');
    this.forgetDeleted = store.prepare('DELETE FROM deleted_file WHERE file = ?');
  }

  /** Deletes what a kill has left: bodies that were never acknowledged, and files of deleted blobs. */
  sweep(): void {
    for (const name of readdirSync(join(this.folder, INCOMING))) {
      rmSync(join(this.folder, INCOMING, name), { recursive: true, force: true });
    }
    for (const { file } of this.selectDeleted.all()) this.unlink(file);
    this.store.transaction(() => this.forgetGone());
  }

  /**
   * Takes a body in, in memory while it is small and else in a file.
   * @throws whatever reading `body` throws; nothing is left behind then.
   */
  async stage(body: Buffer | AsyncIterable<Buffer>): Promise<StagedBlob> {
    if (Buffer.isBuffer(body) && body.length <= INLINE_LIMIT) {
      const checks = new BlockChecks();
      checks.update(body);
      return { size: body.length, data: body, checks: checks.finish() };
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
    const { file, data, checks, size } = staged;
    if (file !== undefined) {
      const path = join(this.folder, file);
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      renameFileSync(this.incoming(file), path);
    }
    const { lastRowId } = this.insertRow.run(file ?? null, data ?? null, checks ?? null);
    return { id: lastRowId, size };
  }

  private incoming(file: string): string {
    return incomingPath(this.folder, file);
  }

  /** Forgets a staged body that no record will name. */
  discard(staged: StagedBlob): void {
    if (staged.file === undefined) return;
    for (const path of [this.incoming(staged.file), join(this.folder, staged.file)]) {
      rmSync(path, { force: true });
    }
  }

  /** Deletes blobs in the running transaction; their files go when it has committed. */
  delete(blobs: readonly Blob[]): void {
    this.forgetGone();
    for (const blob of blobs) {
      const file = this.deleteRow.get(blob.id)?.file;
      if (typeof file !== 'string') continue;
      this.insertDeleted.run(file);
      this.store.afterCommit(() => this.unlink(file));
    }
  }

  private forgetGone(): void {
    const { gone } = this;
    this.gone = [];
    // After a rollback they are only tried once more, at the next start.
    for (const file of gone) this.forgetDeleted.run(file);
  }

  /**
   * Opens a blob for reading: the bytes themselves, or a file that stays until the reader lets it go,
   * whatever is deleted meanwhile. Neither is verified yet.
   */
  open(blob: Blob): InlineBytes | HeldFile {
    const row = this.select.get(blob.id);
    if (!row) throw new Error(`Blob ${blob.id} is missing.`);
    const checks = row.checks === null ? undefined : viewOf(row.checks);
    if (row.file !== null) return this.hold(row.file, checks);
    return { bytes: viewOf(row.data ?? new Uint8Array()), checks };
  }

  private hold(file: string, checks: Buffer | undefined): HeldFile {
    this.readers.set(file, (this.readers.get(file) ?? 0) + 1);
    let held = true;
    const release = (): void => {
      if (!held) return;
      held = false;
      this.letGo(file);
    };
    return { path: join(this.folder, file), checks, release };
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
      this.gone.push(file);
    } catch {
      // Another program may hold it, as a virus scanner does; the next start sweeps it.
    }
  }
}

function viewOf(data: Uint8Array): Buffer {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}

/** @param file its name in the folder: `<two digits>/<id>` */
function incomingPath(folder: string, file: string): string {
  return join(folder, INCOMING, file.slice(file.indexOf('/') + 1));
}

class StagingWriter {
  private readonly folder: string;
  private pending: Buffer[] = [];
  private pendingSize = 0;
  private size = 0;
  private readonly checks = new BlockChecks();
  private file: { readonly name: string; readonly handle: FileHandle } | undefined;

  constructor(folder: string) {
    this.folder = folder;
  }

  async write(chunk: Buffer): Promise<void> {
    this.checks.update(chunk);
    this.pending.push(chunk);
    this.pendingSize += chunk.length;
    this.size += chunk.length;
    const limit = this.file ? WRITE_SIZE : INLINE_LIMIT;
    if (this.pendingSize > limit) await this.flush();
  }

  async finish(): Promise<StagedBlob> {
    const { size } = this;
    const checks = this.checks.finish();
    if (!this.file) return { size, data: Buffer.concat(this.pending), checks };
    await this.flush();
    await this.file.handle.close();
    return { size, file: this.file.name, checks };
  }

  async abandon(): Promise<void> {
    if (!this.file) return;
    await this.file.handle.close();
    rmSync(incomingPath(this.folder, this.file.name), { force: true });
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
    const name = `${id.slice(0, 2)}/${id}`;
    return { name, handle: await open(incomingPath(this.folder, name), 'wx', 0o600) };
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
