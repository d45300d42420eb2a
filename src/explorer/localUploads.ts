import { constants, type Stats } from 'node:fs';
import { lstat, open, readdir, readlink, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import type { Readable } from 'node:stream';
import { BrigadeError } from '../aws/errors.ts';

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
      this.#plan.files.push({ path, key, size: found.size, open: () => openPlain(path) });
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

/**
 * Opens what was found when the upload was planned: a link that took its place since, or the place of
 * a folder above it, is not followed. It does not wait for a pipe either.
 *
 * @throws BrigadeError `LinkInTheWay`
 */
async function openPlain(path: string): Promise<Readable> {
  const refused = (): BrigadeError =>
    new BrigadeError('LinkInTheWay', 'A link took its place', { subject: path });
  // Windows has neither flag: there they are undefined, which counts as 0.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const file = await open(path, flags).catch((error: unknown) => {
    throw (error as NodeJS.ErrnoException).code === 'ELOOP' ? refused() : error;
  });
  try {
    const [opened, there] = [
      await file.stat({ bigint: true }),
      await lstat(path, { bigint: true }),
    ];
    const isSame = opened.ino === there.ino && opened.dev === there.dev && opened.isFile();
    if (!isSame || (await realpath(path)) !== path) throw refused();
    return file.createReadStream();
  } catch (error) {
    await file.close();
    throw error;
  }
}
