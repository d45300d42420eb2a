import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TaskUpload } from '../../services.ts';
import { folderOf, readEntries, removeUnbegun } from '../../worker/journal.ts';
import { isLocked } from '../../worker/taskLock.ts';

/** Where tasks note the uploads in parts that they begin. */
const NOTES = ['checkpoint.json', 'uploads.json'];

/**
 * The uploads in parts that tasks of any window work on, or have left to be continued, by their ids.
 *
 * @param root the folder of the journal
 */
export async function uploadsOfTasks(root: string): Promise<ReadonlyMap<string, TaskUpload>> {
  const all = new Map<string, TaskUpload>();
  for (const { id: taskId, title } of await readEntries(root)) {
    const noted = await notedUploads(root, taskId);
    if (noted.size === 0) continue;
    const isRunning = isLocked(root, taskId);
    for (const [uploadId, source] of noted) {
      all.set(uploadId, { taskId, title, isRunning, ...(source !== undefined && { source }) });
    }
  }
  // One that has ended meanwhile comes to no life again by our looking at its lock.
  const left = new Set((await readEntries(root)).map(({ id }) => id));
  for (const { taskId } of all.values()) if (!left.has(taskId)) await removeUnbegun(root, taskId);
  return all;
}

/** Each with the URI of its file, where that is noted. */
async function notedUploads(
  root: string,
  taskId: string,
): Promise<ReadonlyMap<string, string | undefined>> {
  const uploads = new Map<string, string | undefined>();
  for (const name of NOTES) {
    const text = await readFile(join(folderOf(root, taskId), name), 'utf8').catch(() => '');
    if (text === '') continue;
    JSON.parse(text, (_, value: unknown) => {
      if (typeof value !== 'object' || value === null || !('uploadId' in value)) return value;
      const { uploadId, source } = value as { uploadId: unknown; source?: unknown };
      if (typeof uploadId === 'string') {
        uploads.set(uploadId, typeof source === 'string' ? source : undefined);
      }
      return value;
    });
  }
  return uploads;
}
