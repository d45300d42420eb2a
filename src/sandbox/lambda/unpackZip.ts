import { chmodSync, createWriteStream, mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Entry, ZipFile } from 'yauzl';
import { open } from 'yauzl';
import { AwsError, isDiskFull } from '../errors.ts';

/** Lambda's limit of a function's code with its layers, unzipped (Lambda quotas). */
export const UNZIPPED_LIMIT = 262_144_000;

/** AWS names no limit; here more would be a long time and much memory. */
const MAX_ENTRIES = 100_000;

const TYPE_MASK = 0o170000;
const SYMLINK = 0o120000;
const MADE_ON_UNIX = 3;
const MAX_LINK = 4096;
/** Links that a path may go through, as on Linux. */
const MAX_LINKS = 40;

/**
 * Unpacks a function's zip into a folder that exists and is empty.
 * @throws AwsError InvalidParameterValueException, in Lambda's words, for what is no zip, is damaged or
 * encrypted, is empty, leaves its folder, or is larger than 250 MB unzipped
 */
export async function unpackZip(file: string, folder: string): Promise<void> {
  let zip: ZipFile | undefined;
  try {
    zip = await openZip(file);
    const entries = await readEntries(zip);
    await extract(zip, entries, folder);
  } catch (error) {
    if (error instanceof AwsError || isDiskFull(error)) throw error;
    throw unreadable();
  } finally {
    zip?.close();
  }
}

function openZip(file: string): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    // The sizes are checked while the bytes come: an entry that inflates to more than it says fails.
    open(file, { lazyEntries: true, autoClose: false, validateEntrySizes: true }, (error, zip) => {
      if (error) reject(error);
      else resolve(zip);
    });
  });
}

/** All entries, whose names yauzl has checked: none is absolute or goes up. */
function readEntries(zip: ZipFile): Promise<Entry[]> {
  return new Promise((resolve, reject) => {
    if (zip.entryCount > MAX_ENTRIES) {
      reject(invalid(`The sandbox unpacks ${MAX_ENTRIES} files at most, not ${zip.entryCount}.`));
      return;
    }
    const entries: Entry[] = [];
    let size = 0;
    zip.on('entry', (entry: Entry) => {
      size += entry.uncompressedSize;
      if (size > UNZIPPED_LIMIT) {
        reject(tooLarge());
        return;
      }
      entries.push(entry);
      zip.readEntry();
    });
    zip.once('error', reject);
    zip.once('end', () => {
      if (entries.length === 0) reject(invalid('Uploaded file must be a non-empty zip'));
      else resolve(entries);
    });
    zip.readEntry();
  });
}

async function extract(zip: ZipFile, entries: readonly Entry[], folder: string): Promise<void> {
  const links = new Map<string, Entry>();
  for (const entry of entries) if (isSymlink(entry)) links.set(normalizedPath(entry), entry);
  for (const entry of entries) {
    const name = normalizedPath(entry);
    if (links.has(name)) continue;
    if (goesThrough(links, name)) throw unreadable();
    const path = join(folder, name);
    if (name.endsWith('/')) {
      mkdirSync(path, { recursive: true });
    } else {
      mkdirSync(dirname(path), { recursive: true });
      await pipeline(await openEntry(zip, entry), createWriteStream(path));
      // As on AWS, where the code is read-only to the function.
      chmodSync(path, modeOf(entry) & 0o100 ? 0o555 : 0o444);
    }
  }
  await makeLinks(zip, links, folder);
}

/** Places have other names too, such as `./a` and `a//b`; links are looked for by this one. */
function normalizedPath({ fileName }: Entry): string {
  return posix.normalize(fileName);
}

/** Links are made last, and never followed while anything is written: nothing is written outside. */
async function makeLinks(
  zip: ZipFile,
  links: ReadonlyMap<string, Entry>,
  folder: string,
): Promise<void> {
  const targets = new Map<string, string>();
  for (const [name, entry] of links) {
    if (goesThrough(links, name)) throw unreadable();
    targets.set(name, await readLink(zip, entry));
  }
  for (const [name, target] of targets) {
    if (!endsInside(targets, name)) throw unreadable();
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(target, path);
  }
}

async function readLink(zip: ZipFile, entry: Entry): Promise<string> {
  if (entry.uncompressedSize > MAX_LINK) throw unreadable();
  const chunks: Buffer[] = [];
  for await (const chunk of await openEntry(zip, entry)) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** Whether a path leads to a place in the folder, by way of whatever links. */
function endsInside(links: ReadonlyMap<string, string>, path: string): boolean {
  const place: string[] = [];
  const steps = path.split('/');
  let followed = 0;
  for (let step = steps.shift(); step !== undefined; step = steps.shift()) {
    if (step === '' || step === '.') continue;
    if (step === '..') {
      if (place.pop() === undefined) return false;
      continue;
    }
    const target = links.get([...place, step].join('/'));
    if (target === undefined) {
      place.push(step);
      continue;
    }
    followed += 1;
    if (target === '' || posix.isAbsolute(target) || followed > MAX_LINKS) return false;
    steps.unshift(...target.split('/'));
  }
  return true;
}

function openEntry(zip: ZipFile, entry: Entry): Promise<Readable> {
  return new Promise((resolve, reject) => {
    if (entry.isEncrypted()) {
      reject(unreadable());
      return;
    }
    zip.openReadStream(entry, (error, stream) => {
      if (error) reject(error);
      else resolve(stream);
    });
  });
}

function goesThrough(links: ReadonlyMap<string, Entry>, name: string): boolean {
  for (let parent = posix.dirname(name); parent !== '.'; parent = posix.dirname(parent)) {
    if (links.has(parent)) return true;
  }
  return false;
}

function modeOf(entry: Entry): number {
  return entry.versionMadeBy >> 8 === MADE_ON_UNIX ? entry.externalFileAttributes >>> 16 : 0;
}

function isSymlink(entry: Entry): boolean {
  return (modeOf(entry) & TYPE_MASK) === SYMLINK;
}

export function tooLarge(): AwsError {
  return invalid(`Unzipped size must be smaller than ${UNZIPPED_LIMIT} bytes`);
}

function unreadable(): AwsError {
  return invalid(
    'Could not unzip uploaded file. Please check your file, then try to upload again.',
  );
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterValueException', 400, message);
}
