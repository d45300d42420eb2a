import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { writeDurably } from '../../aws/tagChanges/durableFile.ts';
import type { Owner } from '../../vscode/sessionOwner.ts';
import type { BucketsTree } from '../tree/bucketsTree.ts';

/** A delete as it is remembered: whose objects, where, when; no keys of single objects. */
export interface PastDelete {
  readonly owner: Owner;
  /** For people: an object's or prefix's S3 URI, or the buckets. */
  readonly place: string;
  /** What the tree shows again once it is undone, by bucket. */
  readonly shown: readonly { readonly bucket: string; readonly keys: readonly string[] }[];
  /** ISO 8601. */
  readonly agreedAt: string;
  /** Objects that were agreed to. */
  readonly objects: number;
  /** Once it has ended: the delete markers that it made. */
  readonly markers?: number;
  readonly undone?: boolean;
}

const HEADER = 'delete.json';
/** Milliseconds after which a delete is forgotten. */
const KEPT_MS = 30 * 24 * 3_600_000;

/**
 * The deletes of late, each with a folder of its own below the extension's storage: what a delete
 * has made there (delete markers to undo it by, the list of its failures) outlives the window.
 */
export class DeleteHistory {
  readonly #root: string;

  constructor(storage: string) {
    this.#root = join(storage, 'deletes');
  }

  folderOf(id: string): string {
    return join(this.#root, id);
  }

  async begin(id: string, past: PastDelete): Promise<void> {
    await mkdir(this.folderOf(id), { recursive: true, mode: 0o700 });
    await this.#write(id, past);
    await this.#forgetOld();
  }

  /** Remembers how it ended; what left neither markers nor failures is forgotten. */
  async end(id: string, { markers, failed }: { markers: number; failed: number }): Promise<void> {
    const past = await this.read(id);
    if (!past) return;
    if (markers === 0 && failed === 0) await this.#forget(id);
    else await this.#write(id, { ...past, markers });
  }

  async undone(id: string): Promise<void> {
    const past = await this.read(id);
    if (past) await this.#write(id, { ...past, undone: true });
  }

  /** Undefined when there is none. */
  async read(id: string): Promise<PastDelete | undefined> {
    try {
      return JSON.parse(await readFile(join(this.folderOf(id), HEADER), 'utf8')) as PastDelete;
    } catch {
      return undefined;
    }
  }

  /** Those of a session's account (`Session.key`) that can be undone, the newest first. */
  async undoable(key: string): Promise<{ readonly id: string; readonly past: PastDelete }[]> {
    const found = await Promise.all(
      (await this.#ids()).map(async id => {
        const past = await this.read(id);
        const fits = past?.owner.key === key && !past.undone && this.#hasMarkers(id);
        return past && fits ? [{ id, past }] : [];
      }),
    );
    return found.flat().sort((a, b) => b.past.agreedAt.localeCompare(a.past.agreedAt));
  }

  #hasMarkers(id: string): boolean {
    return existsSync(join(this.folderOf(id), 'markers.jsonl'));
  }

  async #ids(): Promise<string[]> {
    return await readdir(this.#root).catch(() => []);
  }

  async #forgetOld(): Promise<void> {
    for (const id of await this.#ids()) {
      if (Date.now() - (await this.#begunAt(id)) > KEPT_MS) await this.#forget(id);
    }
  }

  /** In milliseconds since 1970. Another window may be about to write what a delete is. */
  async #begunAt(id: string): Promise<number> {
    const past = await this.read(id);
    if (past) return Date.parse(past.agreedAt);
    const found = await stat(this.folderOf(id)).catch(() => undefined);
    return found?.mtimeMs ?? Date.now();
  }

  async #forget(id: string): Promise<void> {
    await rm(this.folderOf(id), { recursive: true, force: true, maxRetries: 5 });
  }

  async #write(id: string, past: PastDelete): Promise<void> {
    // Other windows read it at any time, and take what can't be read for nothing.
    await writeDurably(join(this.folderOf(id), HEADER), JSON.stringify(past));
  }
}

/** Of the folder that a task was given. */
export function idOfFolder(folder: string): string {
  return basename(folder);
}

/** Refreshes the rows of the tree that a delete or its undo changed. */
export function refreshDeleted(
  tree: Pick<BucketsTree, 'refreshKeys'>,
  { shown }: PastDelete,
): void {
  for (const { bucket, keys } of shown) void tree.refreshKeys(bucket, keys);
}
