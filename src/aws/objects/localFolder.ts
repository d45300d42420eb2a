import { randomUUID } from 'node:crypto';
import { constants, type WriteStream } from 'node:fs';
import { lstat, mkdir, open, readdir, readlink, realpath, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import { BrigadeError } from '../errors.ts';
import { SURELY_STALE, THIS_MACHINE } from './thisMachine.ts';

/** Names of unfinished files say whose they are: this machine, the process, and which of its files. */
const PARTIAL = /^\.bucket-brigade\.([0-9a-f]{8})\.(\d{1,10})\.[0-9a-f-]{36}\.part$/;
/** Unfinished files of this process. */
const own = new Set<string>();

// Windows has no such flags: there they are undefined, which counts as 0.
const READ_FOLDER = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
const CREATE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

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

  /** @param path as the user chose it: links in it are theirs */
  constructor(path: string) {
    this.#path = path;
  }

  /**
   * Writes a file below the folder, under another name until all of it is there, so that a failure
   * leaves what was there before and nothing else. Folders on the way are made. What downloads of
   * processes that died have left beside it is removed.
   *
   * @param names one for each folder on the way, and the file's
   * @throws BrigadeError `LinkInTheWay` when a folder on the way, or the file, is a link or is
   *   exchanged for one; else what `fill` throws or the file system says
   */
  async write(
    names: readonly string[],
    fill: (stream: WriteStream) => Promise<void>,
  ): Promise<void> {
    const name = names.at(-1) ?? '';
    const parent = await this.#open(names.slice(0, -1));
    try {
      await this.#sweep(parent);
      await refuseLink(join(parent.place, name), join(parent.path, name));
      await writeInto(parent, name, fill);
    } finally {
      await parent.handle?.close();
    }
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

async function makeFolder(place: string, path: string): Promise<void> {
  await mkdir(place).catch((error: unknown) => {
    if (codeOf(error) !== 'EEXIST') throw error;
  });
  await refuseLink(place, path);
  if (!(await lstat(place)).isDirectory()) {
    throw new BrigadeError('InvalidInput', 'A file is where a folder is needed', { subject: path });
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
  fill: (stream: WriteStream) => Promise<void>,
): Promise<void> {
  const partial = `.bucket-brigade.${THIS_MACHINE}.${process.pid}.${randomUUID()}.part`;
  const [from, to] = [join(parent.place, partial), join(parent.place, name)];
  own.add(partial);
  try {
    const file = await open(from, CREATE, 0o666);
    const { ino } = await file.stat({ bigint: true }).catch(async (error: unknown) => {
      await file.close();
      throw error;
    });
    await fill(file.createWriteStream());
    await checkAgain(parent, from, ino);
    await rename(from, to);
    await checkAgain(parent, to, ino);
  } catch (error) {
    await rm(from, { force: true }).catch(() => undefined);
    throw error;
  } finally {
    own.delete(partial);
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
  if (host === undefined || own.has(name)) return false;
  if (host === THIS_MACHINE && !isAlive(Number(pid))) return true;
  const there = await lstat(join(place, name)).catch(() => undefined);
  return there !== undefined && there.isFile() && Date.now() - there.mtimeMs > SURELY_STALE;
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
