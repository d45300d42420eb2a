import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { renameFile } from '../../system/renameFile.ts';

/**
 * Writes a file so that it is there with all its bytes or not at all, whenever the process or the
 * machine ends.
 */
export async function writeDurably(path: string, text: string): Promise<void> {
  const temporary = `${path}.tmp`;
  const file = await open(temporary, 'w');
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await renameFile(temporary, path);
  await syncFolder(dirname(path));
}

/** The new name is on the disk too; Windows has no such thing for folders. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
