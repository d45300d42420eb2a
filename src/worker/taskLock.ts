import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const SQLITE_BUSY = 5;
/** In the folder of a task. */
export const LOCK_FILE = 'lock';

/**
 * Held by the process that works on a task, so that no other window's does. It is a lock of the
 * operating system on a SQLite file, which ends with its process however that ends: no process ids that
 * are used again, no clocks.
 */
export class TaskLock {
  readonly #database: DatabaseSync;

  private constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** @returns undefined while another process holds it */
  static take(folder: string): TaskLock | undefined {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const file = join(folder, LOCK_FILE);
    closeSync(openSync(file, 'a', 0o600));
    const database = new DatabaseSync(file);
    try {
      database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT;');
      return new TaskLock(database);
    } catch (error) {
      database.close();
      if ((error as { errcode?: number }).errcode === SQLITE_BUSY) return undefined;
      throw error;
    }
  }

  release(): void {
    this.#database.close();
  }
}

/** Whether a process works on a task now. */
export function isLocked(root: string, id: string): boolean {
  const lock = TaskLock.take(join(root, id));
  lock?.release();
  return lock === undefined;
}
