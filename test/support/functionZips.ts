import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openPromise, type Entry } from 'yauzl';
import { ROOT } from './paths.ts';

interface BuildModule {
  readonly buildFunctionZips: (folder: string) => Promise<void>;
  readonly buildAnew: (folder: string) => Promise<void>;
  readonly packages: (cpu: string, of?: string) => Promise<string>;
}

/** The build of the function's zips, which is JavaScript as the whole build is. */
export async function functionBuild(): Promise<BuildModule> {
  return (await import(join(ROOT, 'lambda', 'build.mjs'))) as BuildModule;
}

export interface ZipFile {
  readonly name: string;
  /** As `stat` has it: the file's type and its permissions. */
  readonly mode: number;
  readonly time: Date;
  readonly bytes: Buffer;
}

/** Everything in a zip. */
export async function readZip(path: string): Promise<ZipFile[]> {
  const zip = await openPromise(path, { lazyEntries: true });
  const files: ZipFile[] = [];
  for await (const entry of zip.eachEntry()) {
    const stream = await zip.openReadStreamPromise(entry);
    files.push({ ...factsOf(entry), bytes: Buffer.concat(await stream.toArray()) });
  }
  return files;
}

function factsOf(entry: Entry): Omit<ZipFile, 'bytes'> {
  const { fileName: name, externalFileAttributes } = entry;
  return { name, mode: externalFileAttributes >>> 16, time: entry.getLastModDate() };
}

/** Unpacks a zip as Lambda does into /var/task. */
export async function unpackZip(path: string, folder: string): Promise<void> {
  for (const { name, bytes } of await readZip(path)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), bytes);
  }
}
