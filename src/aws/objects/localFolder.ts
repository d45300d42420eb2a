import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { lstat, mkdir, open, readdir, readlink, realpath, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import { BrigadeError } from '../errors.ts';
import { renameFile } from '../../system/renameFile.ts';
import { STALE_AFTER_MS, THIS_MACHINE } from './thisMachine.ts';

/** Names of unfinished files say whose they are: this machine, the process, and which of its files. */
const PARTIAL = /^\.bucket-brigade\.([0-9a-f]{8})\.(\d{1,10})\.[0-9a-f-]{36}\.part$/;
const RESUMABLE = /^\.bucket-brigade\.[0-9a-f-]{36}\.download$/;

/** A name for an unfinished file that a later process can continue with. */
export function resumableName(): string {
  return `.bucket-brigade.${randomUUID()}.download`;
}

/** An unfinished file that a later process may continue with. */
export interface Resumable {
  /** See `resumableName`. */
  readonly name: string;
  /** Whether it stays when this was thrown. */
  readonly keeps: (error: unknown) => boolean;
}

/** Unfinished files of this process. */
const own = new Set<string>();

// Windows has no such flags: there they are undefined, which counts as 0.
const READ_FOLDER = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
const CREATE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
const CONTINUE = constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW;

/**
 * A folder that files are written into, and nowhere else, whatever links stand in it or are put there
 * meanwhile: each folder on the way is checked once it is opened, and where the system can (Linux),
 * files are made in the opened folder and not by its path. Elsewhere what was written is looked at
 * again before and after it gets its name.
 */
export class LocalFolder {
  readonly #path: string;
  #real: Promise<string> | undefined;
  readonly #swept = new Set<string>();
  /** Opened folders that more files are written into, the last used one last. */
  readonly #kept = new Map<string, Kept>();
  readonly #most: number;

  /**
   * @param path as the user chose it: links in it are theirs
   * @param most folders below it that are kept open for more files, until `close`
   */
  constructor(path: string, most = 0) {
    this.#path = path;
    this.#most = most;
  }

  /** Ends what was kept open. */
  async close(): Promise<void> {
    const kept = [...this.#kept.values()];
    this.#kept.clear();
    await Promise.all(kept.map(async ({ folder }) => (await folder).handle?.close()));
  }

  /**
   * Writes a file below the folder, under another name until all of it is there, so that a failure
   * leaves what was there before and nothing else. Folders on the way are made. What downloads of
   * processes that died have left beside it is removed.
   *
   * @param names one for each folder on the way, and the file's
   * @param fill may write at any place of it
   * @param resumable of a file that a later process may continue with: it is opened where there is
   *   one already. It stays when the process dies, and after a failure that it keeps.
   * @throws BrigadeError `LinkInTheWay` when a folder on the way, or the file, is a link or is
   *   exchanged for one; else what `fill` throws or the file system says
   */
  async writeFile(
    names: readonly string[],
    fill: (file: FileHandle) => Promise<void>,
    resumable?: Resumable,
  ): Promise<void> {
    const name = names.at(-1) ?? '';
    await this.#within(names.slice(0, -1), async parent => {
      await this.#sweep(parent);
      await refuseLink(join(parent.place, name), join(parent.path, name));
      await writeInto(parent, name, fill, resumable);
    });
  }

  /** Only an opened folder stays the one that was checked, so only where there is a path for it. */
  async #within(
    names: readonly string[],
    work: (parent: OpenFolder) => Promise<void>,
  ): Promise<void> {
    const id = names.join('/');
    const known = this.#kept.get(id);
    const kept = known ?? { folder: this.#open(names), users: 0 };
    kept.users += 1;
    if (this.#most > 0) {
      this.#kept.delete(id);
      this.#kept.set(id, kept);
    }
    let parent: OpenFolder | undefined;
    try {
      parent = await kept.folder;
      await work(parent);
    } finally {
      kept.users -= 1;
      const isKept = parent !== undefined && parent.place !== parent.path;
      if (!isKept && this.#kept.get(id) === kept) this.#kept.delete(id);
      if (this.#kept.get(id) !== kept && kept.users === 0) await parent?.handle?.close();
      await this.#closeOldest();
    }
  }

  async #closeOldest(): Promise<void> {
    for (const [id, { folder, users }] of this.#kept) {
      if (this.#kept.size <= this.#most) return;
      if (users > 0) continue;
      this.#kept.delete(id);
      await (await folder).handle?.close();
    }
  }

  /** Deletes the unfinished file of a download that nobody continues with. */
  async discard(names: readonly string[], resumable: string): Promise<void> {
    const parent = await this.#open(names.slice(0, -1));
    await rm(join(parent.place, resumable), { force: true }).finally(() => parent.handle?.close());
  }

  /** From folder to folder, each made and opened in the one before. */
  async #open(names: readonly string[]): Promise<OpenFolder> {
    const root = await (this.#real ??= realpath(this.#path));
    let folder = await openFolder(root, root, root);
    for (const name of names) {
      const [place, path] = [join(folder.place, name), join(folder.path, name)];
      try {
        await makeFolder(place, path);
        const inner = await openFolder(root, place, path);
        await folder.handle?.close();
        folder = inner;
      } catch (error) {
        await folder.handle?.close();
        throw error;
      }
    }
    return folder;
  }

  async #sweep({ path, place }: OpenFolder): Promise<void> {
    if (this.#swept.has(path)) return;
    this.#swept.add(path);
    // Tidying up: who may not list the folder can still write into it.
    const names = await readdir(place).catch(() => []);
    for (const name of names) {
      if (await isLeftover(place, name)) await rm(join(place, name), { force: true });
    }
  }
}

interface OpenFolder {
  readonly root: string;
  /** For people. */
  readonly path: string;
  /** For the system: the opened folder itself where there is a path for it, else the path. */
  readonly place: string;
  readonly handle?: FileHandle;
}

interface Kept {
  readonly folder: Promise<OpenFolder>;
  /** Files that are being written into it. */
  users: number;
}

async function makeFolder(place: string, path: string): Promise<void> {
  await mkdir(place).catch((error: unknown) => {
    if (codeOf(error) !== 'EEXIST') throw error;
  });
  await refuseLink(place, path);
  if (!(await lstat(place)).isDirectory()) {
    throw new BrigadeError('InvalidInput', 'A file is where a folder is needed', {
      subject: path,
      problem: { kind: 'fileInTheWay' },
    });
  }
}

async function openFolder(root: string, place: string, path: string): Promise<OpenFolder> {
  if (process.platform === 'win32') {
    checkInside(root, await realpath(path), path);
    return { root, path, place: path };
  }
  const handle = await open(place, READ_FOLDER).catch((error: unknown) => {
    // It was a folder a moment ago.
    throw ['ELOOP', 'ENOTDIR'].includes(codeOf(error)) ? linkInTheWay(path) : error;
  });
  try {
    // proc(5): a link to what is opened, wherever it is by now.
    const opened = `/proc/self/fd/${handle.fd}`;
    const real = process.platform === 'linux' ? await readlink(opened).catch(() => '') : '';
    checkInside(root, real === '' ? await realpath(path) : real, path);
    return { root, path, place: real === '' ? path : opened, handle };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

function checkInside(root: string, real: string, path: string): void {
  const way = relative(root, real);
  const isOutside = way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way);
  if (isOutside) throw linkInTheWay(path);
}

async function refuseLink(place: string, path: string): Promise<void> {
  const there = await lstat(place).catch(() => undefined);
  if (there?.isSymbolicLink()) throw linkInTheWay(path);
}

async function writeInto(
  parent: OpenFolder,
  name: string,
  fill: (file: FileHandle) => Promise<void>,
  resumable: Resumable | undefined,
): Promise<void> {
  const ofProcess = `.bucket-brigade.${THIS_MACHINE}.${process.pid}.${randomUUID()}.part`;
  const partial = resumable?.name ?? ofProcess;
  const [from, to] = [join(parent.place, partial), join(parent.place, name)];
  own.add(partial);
  try {
    const file = await open(from, resumable === undefined ? CREATE : CONTINUE, 0o666);
    const ino = await fillAndClose(file, fill);
    await checkAgain(parent, from, ino);
    await renameFile(from, to);
    await checkAgain(parent, to, ino);
  } catch (error) {
    if (resumable?.keeps(error) !== true) await rm(from, { force: true }).catch(() => undefined);
    throw error;
  } finally {
    own.delete(partial);
  }
}

/** Answers the file's number, by which it is known again. */
async function fillAndClose(
  file: FileHandle,
  fill: (file: FileHandle) => Promise<void>,
): Promise<bigint> {
  try {
    const { ino } = await file.stat({ bigint: true });
    await fill(file);
    return ino;
  } finally {
    await file.close();
  }
}

/** Where files are made by path only: that what was written is still where it was to be. */
async function checkAgain(parent: OpenFolder, file: string, ino: bigint): Promise<void> {
  if (parent.place !== parent.path) return;
  checkInside(parent.root, await realpath(parent.path), parent.path);
  const there = await lstat(file, { bigint: true });
  if (there.ino !== ino) throw linkInTheWay(parent.path);
}

async function isLeftover(place: string, name: string): Promise<boolean> {
  const [, host, pid] = PARTIAL.exec(name) ?? [];
  if ((host === undefined && !RESUMABLE.test(name)) || own.has(name)) return false;
  if (host === THIS_MACHINE && !isAlive(Number(pid))) return true;
  const there = await lstat(join(place, name)).catch(() => undefined);
  return there !== undefined && there.isFile() && Date.now() - there.mtimeMs > STALE_AFTER_MS;
}

/** Another process of this number; this one knows its own files. */
function isAlive(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? '';
}

function linkInTheWay(path: string): BrigadeError {
  return new BrigadeError('LinkInTheWay', 'A link is in the way', { subject: path });
}
