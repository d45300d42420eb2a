import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { renameFile } from '../system/renameFile.ts';
import type { TaskName } from './protocol.ts';
import { LOCK_FILE, type TaskLock } from './taskLock.ts';

/** What is written down of a task when it begins. No secrets. */
export interface TaskEntry {
  readonly id: string;
  readonly name: TaskName;
  /** What the user called for, in their language. */
  readonly title: string;
  /** `Session.key`: whose data it works on. */
  readonly sessionKey: string;
  readonly input: unknown;
  /** ISO 8601. */
  readonly createdAt: string;
}

const ENTRY = 'task.json';
const CHECKPOINT = 'checkpoint.json';

/**
 * The journal of one task: a folder with what it is (`task.json`), how far it is
 * (`checkpoint.json`, replaced at once and on disk before anything continues) and whatever files
 * the task keeps beside them. It is deleted when the task ends. Whoever writes holds its
 * `TaskLock`.
 */
export class Journal {
  /** For files of the task's own; they go when the task ends. */
  readonly folder: string;
  readonly entry: TaskEntry;
  #checkpoint: unknown;
  #saving: Promise<void> = Promise.resolve();

  private constructor(folder: string, entry: TaskEntry, checkpoint: unknown) {
    this.folder = folder;
    this.entry = entry;
    this.#checkpoint = checkpoint;
  }

  /** Begins the journal of a new task; one that was begun with this id continues. */
  static async begin(root: string, task: Omit<TaskEntry, 'createdAt'>): Promise<Journal> {
    const known = await Journal.read(root, task.id);
    if (known) return known;
    const folder = folderOf(root, task.id);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const entry = { ...task, createdAt: new Date().toISOString() };
    await replaceFile(join(folder, ENTRY), JSON.stringify(entry));
    return new Journal(folder, entry, undefined);
  }

  /** Reads the journal of a task; undefined when there is none. */
  static async read(root: string, id: string): Promise<Journal | undefined> {
    const folder = folderOf(root, id);
    const entry = (await readJson(join(folder, ENTRY))) as TaskEntry | undefined;
    if (entry?.id !== id) return undefined;
    return new Journal(folder, entry, await readJson(join(folder, CHECKPOINT)));
  }

  /** What `save` was given last, also by a process that is no more. */
  checkpoint(): unknown {
    return this.#checkpoint;
  }

  /** Resolves when the checkpoint is on disk. Those of one time are written one after the other. */
  async save(checkpoint: unknown): Promise<void> {
    this.#checkpoint = checkpoint;
    const text = JSON.stringify(checkpoint);
    const saved = this.#saving.then(() => replaceFile(join(this.folder, CHECKPOINT), text));
    this.#saving = saved.catch(() => undefined);
    await saved;
  }

  /** Forgets the task: first what makes it one, so that nobody finds half of it. */
  async end(lock: TaskLock): Promise<void> {
    await this.#saving;
    await rm(join(this.folder, ENTRY), { force: true, maxRetries: 5 });
    lock.release();
    // Without its entry it is no task any more: files that a scanner holds open spoil no outcome.
    await removeFolder(this.folder).catch(() => undefined);
  }
}

/** The tasks in the journal, oldest first; what can't be read is none. */
export async function readEntries(root: string): Promise<TaskEntry[]> {
  const names = await readdir(root).catch(() => []);
  const journals = await Promise.all(names.map(name => Journal.read(root, name)));
  return journals
    .flatMap(journal => (journal ? [journal.entry] : []))
    .sort((a, b) => a.createdAt.localeCompare(b.createdAt));
}

/** Deletes what a task left in the journal that nobody works on or continues with. */
export async function removeEnded(root: string, id: string): Promise<void> {
  await removeFolder(folderOf(root, id));
}

/** Deletes what the lock of a task made that is not in the journal; anything else stays. */
export async function removeUnbegun(root: string, id: string): Promise<void> {
  const folder = folderOf(root, id);
  await rm(join(folder, LOCK_FILE), { force: true }).catch(() => undefined);
  await rmdir(folder).catch(() => undefined);
}

async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}

export function folderOf(root: string, id: string): string {
  return join(root, id);
}

/** Either the old text or the new one is in the file, whatever happens. */
async function replaceFile(path: string, text: string): Promise<void> {
  const temporary = `${path}.${randomUUID()}`;
  const file = await open(temporary, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await renameFile(temporary, path);
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    return undefined;
  }
}
