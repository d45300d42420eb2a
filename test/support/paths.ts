import { mkdtempSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');

/** What test runs leave to be looked at: screenshots, logs, bundles. Ignored by git. */
export const OUT = join(ROOT, 'out');

/** Where downloads outlive the checkout. `BUCKET_BRIGADE_CACHE` names another folder. */
export function cacheFolder(): string {
  return process.env['BUCKET_BRIGADE_CACHE'] ?? join(homedir(), '.cache', 'bucket-brigade');
}

/** A new folder for one run; its path is short because sockets in it may not exceed 103 characters. */
export function newTemporaryFolder(name: string): string {
  return mkdtempSync(join(tmpdir(), `bb-${name}-`));
}
