import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { renameFileSync } from '../../system/renameFile.ts';
import type { Store } from '../store.ts';
import type { FunctionCode } from './lambdaFunction.ts';
import { unpackZip } from './unpackZip.ts';

const ZIP = '.zip';
const PACKAGE = 'package.json';

/**
 * The code of functions, by the SHA-256 of its zip: the zip as it came, and its files, unpacked once. A
 * folder appears whole or not at all.
 */
export class CodeStore {
  /** Where zips and folders are. */
  private readonly folder: string;
  private readonly staging: string;
  /** Code that is being stored, or that a function is about to name. */
  private readonly held = new Map<string, number>();

  constructor(store: Store) {
    this.folder = join(store.directory, 'lambda', 'code');
    this.staging = join(store.directory, 'lambda', 'staging');
    rmSync(this.staging, { recursive: true, force: true });
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    mkdirSync(this.staging, { recursive: true, mode: 0o700 });
    // Node looks upwards for it: one in the home folder would decide whether code is an ES module.
    writeFileSync(join(this.folder, PACKAGE), '{}\n', { mode: 0o600 });
  }

  /**
   * Stores and unpacks a zip. It stays until `release`d, and after that while a function names it.
   * @throws AwsError InvalidParameterValueException, see unpackZip; or whatever reading `body` throws
   */
  async add(
    body: AsyncIterable<Buffer> | Iterable<Buffer>,
  ): Promise<{ sha256: string; size: number }> {
    const draft = join(this.staging, randomUUID());
    try {
      const { sha256, size } = await writeFile(`${draft}${ZIP}`, body);
      this.hold(sha256);
      try {
        if (!existsSync(this.folderOf(sha256))) {
          mkdirSync(draft, { mode: 0o700 });
          await unpackZip(`${draft}${ZIP}`, draft);
          this.publish(draft, sha256);
        }
      } catch (error) {
        this.unhold(sha256);
        throw error;
      }
      return { sha256, size };
    } finally {
      await rm(draft, { recursive: true, force: true });
      await rm(`${draft}${ZIP}`, { force: true });
    }
  }

  /** Keeps code that runs, also when its function is changed or deleted, until `release`. */
  hold(sha256: string): void {
    this.held.set(sha256, (this.held.get(sha256) ?? 0) + 1);
  }

  /** Lets go of what `add` gave or `hold` holds; it is deleted unless `named` has it. */
  release(sha256: string, named: readonly FunctionCode[]): void {
    this.unhold(sha256);
    this.sweep(named);
  }

  /** Deletes all code that no function names. */
  sweep(named: readonly FunctionCode[]): void {
    const kept = new Set([...named.map(code => code.sha256), ...this.held.keys()]);
    for (const name of readdirSync(this.folder)) {
      if (name === PACKAGE || kept.has(name.replace(ZIP, ''))) continue;
      try {
        rmSync(join(this.folder, name), { recursive: true, force: true });
      } catch {
        // Someone has a file open, on Windows: the next start sweeps again.
      }
    }
  }

  /** The folder with the unpacked files. */
  folderOf(sha256: string): string {
    return join(this.folder, sha256);
  }

  zipOf(sha256: string): string {
    return join(this.folder, sha256 + ZIP);
  }

  /** The folder last: where it is, the zip is. */
  private publish(draft: string, sha256: string): void {
    renameFileSync(`${draft}${ZIP}`, this.zipOf(sha256));
    // Another request may have stored the same code meanwhile.
    if (!existsSync(this.folderOf(sha256))) renameFileSync(draft, this.folderOf(sha256));
  }

  private unhold(sha256: string): void {
    const count = (this.held.get(sha256) ?? 1) - 1;
    if (count > 0) this.held.set(sha256, count);
    else this.held.delete(sha256);
  }
}

async function writeFile(
  path: string,
  body: AsyncIterable<Buffer> | Iterable<Buffer>,
): Promise<{ sha256: string; size: number }> {
  const hash = createHash('sha256');
  let size = 0;
  const file = await open(path, 'wx', 0o600);
  try {
    for await (const chunk of body) {
      hash.update(chunk);
      size += chunk.length;
      await file.writeFile(chunk);
    }
  } finally {
    await file.close();
  }
  return { sha256: hash.digest('hex'), size };
}
