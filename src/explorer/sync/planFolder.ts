import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Explorer } from '../explorer.ts';

/** Milliseconds after which nobody continues a plan, or tries again what it left. */
const KEPT = 30 * 24 * 60 * 60 * 1000;

/** A folder for one plan; it outlives the window, so that an interrupted sync can be continued. */
export async function makePlanFolder({ storage }: Pick<Explorer, 'storage'>): Promise<string> {
  const root = join(storage, 'sync');
  await mkdir(root, { recursive: true });
  for (const name of await readdir(root)) {
    const folder = join(root, name);
    const there = await stat(folder).catch(() => undefined);
    if (!there || Date.now() - there.mtimeMs < KEPT) continue;
    await rm(folder, { recursive: true, force: true });
  }
  return await mkdtemp(join(root, 'plan-'));
}
