import type { Stats } from 'node:fs';
import { lstat, readdir, readlink, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import type { Readable } from 'node:stream';
import { openPlain } from '../../aws/objects/plainFile.ts';

/** A file of this machine to become one object. */
export interface LocalFile {
  /** Its real path: no part of it is a link. */
  readonly path: string;
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  readonly open: () => Promise<Readable>;
}

/** What was found below what was chosen, and is not uploaded. */
export interface LeftOut {
  /** A pipe, a socket or a device is `special`. */
  readonly kind: 'link' | 'special';
  readonly path: string;
  /** Where a link leads to, if that is known. */
  readonly target?: string;
}

interface LocalPlan {
  readonly files: LocalFile[];
  readonly leftOut: LeftOut[];
}

interface Options {
  readonly signal?: AbortSignal;
  readonly followLinks?: boolean;
}

/**
 * The files of a file or folder that was chosen. A link to a file of the same folder stands for a copy
 * of it. Other links are left out unless they are to be followed: they lead to what was not chosen, or
 * to a folder, which is uploaded where it is. A link that leads back to a folder above it ends there.
 */
export async function planLocal(path: string, key: string, options: Options): Promise<LocalPlan> {
  const plan: LocalPlan = { files: [], leftOut: [] };
  const chosen = await lstat(path);
  // A chosen link has no folder of its own that it could stay inside of.
  const root = chosen.isSymbolicLink() ? undefined : await realpath(path);
  const walk = new Walk(plan, root, options);
  await walk.add(root ?? path, key, chosen, []);
  return plan;
}

class Walk {
  readonly #plan: LocalPlan;
  readonly #root: string | undefined;
  readonly #options: Options;

  constructor(plan: LocalPlan, root: string | undefined, options: Options) {
    this.#plan = plan;
    this.#root = root;
    this.#options = options;
  }

  /** @param above the real paths of the folders that lead here */
  async add(path: string, key: string, found: Stats, above: readonly string[]): Promise<void> {
    this.#options.signal?.throwIfAborted();
    if (found.isSymbolicLink()) {
      await this.#addLink(path, key, above);
    } else if (found.isDirectory()) {
      for (const name of await readdir(path)) {
        const inner = join(path, name);
        await this.add(inner, `${key}/${name}`, await lstat(inner), [...above, path]);
      }
    } else if (found.isFile()) {
      this.#plan.files.push({
        path,
        key,
        size: found.size,
        open: async () => (await openPlain(path)).createReadStream(),
      });
    } else {
      this.#plan.leftOut.push({ kind: 'special', path });
    }
  }

  async #addLink(path: string, key: string, above: readonly string[]): Promise<void> {
    const target = await realpath(path).catch(() => undefined);
    if (target === undefined) {
      this.#plan.leftOut.push({ kind: 'link', path, target: await readlink(path) });
      return;
    }
    const there = await stat(target);
    const isOwn = this.#root !== undefined && isInside(this.#root, target) && there.isFile();
    if (!isOwn && !this.#options.followLinks)
      this.#plan.leftOut.push({ kind: 'link', path, target });
    else if (!above.includes(target)) await this.add(target, key, there, above);
  }
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
