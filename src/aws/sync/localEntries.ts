import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import { MAX_KEY_BYTES } from '../s3Uri.ts';
import { compareKeys } from '../selection/keyOrder.ts';
import type { SkipReason } from './syncPlan.ts';

/** A local file, or what stands in a folder and is none that can be synced. */
export type LocalEntry =
  | { readonly path: string; readonly size: number; readonly modified: number }
  | { readonly path: string; readonly skipped: SkipReason };

export interface LocalEntriesOptions {
  /** Links to files and folders inside of the folder stand for what they lead to; else none does. */
  readonly followLinks: boolean;
  /** Of the prefix, which counts towards the length of a key. */
  readonly prefixBytes: number;
  readonly signal?: AbortSignal;
}

/** What a download of ours has begun and not ended: LocalFolder's name for it. */
const PARTIAL = /^\.bucket-brigade\.[0-9a-f]{8}\.\d{1,10}\.[0-9a-f-]{36}\.part$/;

/**
 * The files below a folder, in the order of S3's keys: of a folder's names, one that is a folder counts
 * with its `/`. Only the names of the folders on the way are held.
 *
 * @throws what the file system says of the folder itself; of what is below, entries say it
 */
export async function* localEntries(
  folder: string,
  options: LocalEntriesOptions,
): AsyncGenerator<LocalEntry> {
  const root = await realpath(folder);
  yield* new Walk(root, options).below(root, '', [root]);
}

interface Found {
  /** Of the name, with a `/` where it is a folder. */
  readonly order: string;
  readonly path: string;
  /** What is read: where a link leads to. */
  readonly place: string;
  readonly kind: 'file' | 'folder' | SkipReason;
}

class Walk {
  readonly #root: string;
  readonly #options: LocalEntriesOptions;

  constructor(root: string, options: LocalEntriesOptions) {
    this.#root = root;
    this.#options = options;
  }

  /** @param above the real paths of the folders that lead here, this one included */
  async *below(folder: string, path: string, above: readonly string[]): AsyncGenerator<LocalEntry> {
    this.#options.signal?.throwIfAborted();
    const names = await readdir(folder, { withFileTypes: true, encoding: 'buffer' });
    const found = await Promise.all(names.map(name => this.#look(folder, path, name, above)));
    const sorted = found.filter(one => one !== undefined);
    sorted.sort((a, b) => compareKeys(a.order, b.order));
    for (const entry of sorted) yield* this.#entry(entry, above);
  }

  async *#entry(found: Found, above: readonly string[]): AsyncGenerator<LocalEntry> {
    const { kind, path, place } = found;
    if (kind === 'folder') {
      try {
        yield* this.below(place, `${path}/`, [...above, await realpath(place)]);
      } catch (error) {
        if (!isRefused(error)) throw error;
        yield { path, skipped: 'unreadable' };
      }
    } else if (kind === 'file') {
      yield await this.#file(path, place);
    } else {
      yield { path, skipped: kind };
    }
  }

  async #file(path: string, place: string): Promise<LocalEntry> {
    if (Buffer.byteLength(path) + this.#options.prefixBytes > MAX_KEY_BYTES) {
      return { path, skipped: 'noKey' };
    }
    try {
      const { size, mtimeMs: modified } = await stat(place);
      return { path, size, modified };
    } catch {
      return { path, skipped: 'unreadable' };
    }
  }

  async #look(
    folder: string,
    path: string,
    entry: Dirent<Buffer>,
    above: readonly string[],
  ): Promise<Found | undefined> {
    const name = entry.name.toString();
    if (PARTIAL.test(name)) return undefined;
    const [order, inner, place] = [name, path + name, join(folder, name)];
    // What is no UTF-8 can't be opened by its name as a text, either.
    if (!Buffer.from(name).equals(entry.name)) return { order, path: inner, place, kind: 'noKey' };
    if (entry.isDirectory()) return { order: `${order}/`, path: inner, place, kind: 'folder' };
    if (entry.isFile()) return { order, path: inner, place, kind: 'file' };
    if (!entry.isSymbolicLink()) return { order, path: inner, place, kind: 'special' };
    return await this.#lookAtLink({ order, path: inner, place, kind: 'link' }, above);
  }

  async #lookAtLink(link: Found, above: readonly string[]): Promise<Found> {
    if (!this.#options.followLinks) return link;
    try {
      const target = await realpath(link.place);
      if (!isInside(this.#root, target) || above.includes(target)) return link;
      const there = await stat(target);
      if (there.isDirectory()) {
        return { ...link, order: `${link.order}/`, place: target, kind: 'folder' };
      }
      return there.isFile() ? { ...link, place: target, kind: 'file' } : link;
    } catch {
      return link;
    }
  }
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** It may not be read, or has gone meanwhile. */
function isRefused(error: unknown): boolean {
  const { code = '' } = error as NodeJS.ErrnoException;
  return ['EACCES', 'EPERM', 'ENOENT', 'ELOOP', 'ENAMETOOLONG', 'EIO', 'ENOTDIR'].includes(code);
}
