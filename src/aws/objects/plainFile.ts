import { constants } from 'node:fs';
import { lstat, open, realpath, type FileHandle } from 'node:fs/promises';
import { isAbsolute, relative, sep } from 'node:path';
import { BrigadeError } from '../errors.ts';

/**
 * Opens what was found when the upload was planned: a link that took its place since, or the place of
 * a folder above it, is not followed. It does not wait for a pipe either.
 *
 * @param path its real path
 * @throws BrigadeError `LinkInTheWay`; else what the file system says
 */
export async function openPlain(path: string): Promise<FileHandle> {
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
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

/**
 * Opens what was found in a folder when a plan was made: links are followed, but what leads out of the
 * folder meanwhile is not read, and a pipe is not waited for.
 *
 * @throws BrigadeError `LinkInTheWay`; else what the file system says
 */
export async function openInside(folder: string, path: string): Promise<FileHandle> {
  const place = await realpath(path);
  const way = relative(await realpath(folder), place);
  const isOutside = way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way);
  if (isOutside) throw new BrigadeError('LinkInTheWay', 'A link leads out', { subject: path });
  return await openPlain(place);
}

/**
 * Reads so many bytes from a place on.
 *
 * @param buffer of that length, to be read into; without it, a new one
 * @throws BrigadeError `Conflict` where the file has become shorter
 */
export async function readExactly(
  file: FileHandle,
  position: number,
  length: number,
  path: string,
  buffer: Buffer = Buffer.allocUnsafe(length),
): Promise<Buffer> {
  let read = 0;
  while (read < length) {
    const { bytesRead } = await file.read(buffer, read, length - read, position + read);
    if (bytesRead === 0) {
      throw new BrigadeError('Conflict', 'The file has changed meanwhile', {
        subject: path,
        problem: { kind: 'fileChanged' },
      });
    }
    read += bytesRead;
  }
  return buffer;
}
