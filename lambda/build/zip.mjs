import { randomUUID } from 'node:crypto';
import { createWriteStream, globSync } from 'node:fs';
import { copyFile, mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';

/** Zip stores local time without a zone: a local date is the same bytes in every zone. */
const TIME = new Date(1980, 0, 1);

/**
 * Writes files into a zip whose bytes depend on nothing but their paths and contents.
 *
 * @param {string} path
 * @param {Map<string, Buffer>} files
 */
export async function writeZip(path, files) {
  const zip = new ZipFile();
  const written = pipeline(zip.outputStream, createWriteStream(path));
  for (const [name, bytes] of sorted(files)) {
    zip.addBuffer(bytes, name, {
      mtime: TIME,
      forceDosTimestamp: true,
      mode: 0o100644,
      compressionLevel: 9,
    });
  }
  zip.end();
  await written;
}

/**
 * @param {string} folder
 * @param {Map<string, Buffer>} files
 */
export async function writeFolder(folder, files) {
  for (const [name, bytes] of sorted(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), bytes);
  }
}

/** Copies a folder's files, each whole or not at all: somebody may be reading the one of before. */
export async function copyFolder(from, to) {
  for (const entry of globSync('**', { cwd: from, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const target = join(to, relative(from, path));
    const draft = join(dirname(target), `.${randomUUID()}`);
    await mkdir(dirname(target), { recursive: true });
    await copyFile(path, draft);
    await rename(draft, target);
  }
}

/** By code units, which no locale changes. */
function sorted(files) {
  return [...files].sort(([a], [b]) => (a < b ? -1 : 1));
}
