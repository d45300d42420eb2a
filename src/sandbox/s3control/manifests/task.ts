import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { ManifestField } from '../job.ts';
import { invalidManifest } from '../jobFailure.ts';

/** One row of a manifest. */
export interface Task {
  readonly bucket: string;
  /** Byte for byte as in the manifest, which is how the report repeats it. */
  readonly rawKey: string;
  /** Undefined when the manifest has no versions; empty when this row lacks its own. */
  readonly versionId: string | undefined;
}

/** Where the columns of a manifest are; -1 for no such column. */
export interface Columns {
  readonly count: number;
  readonly bucket: number;
  readonly key: number;
  readonly versionId: number;
}

/** @throws JobFailure in AWS's words when there is no Bucket or no Key column */
export function readColumns(fields: readonly ManifestField[]): Columns {
  const missing = (['Bucket', 'Key'] as const).filter(name => !fields.includes(name));
  if (missing.length > 0) {
    throw invalidManifest(`Required fields are missing in the schema: ${missing.join(', ')}`);
  }
  return {
    count: fields.length,
    bucket: fields.indexOf('Bucket'),
    key: fields.indexOf('Key'),
    versionId: fields.indexOf('VersionId'),
  };
}

/** @throws JobFailure when the row has not its columns, holds no key or another thing than a version */
export function readTask(row: readonly string[], columns: Columns): Task {
  if (row.length !== columns.count)
    throw invalidManifest('Manifest file is not properly formatted');
  const rawKey = row[columns.key] ?? '';
  if (decodeManifestKey(rawKey) === undefined) throw invalidManifest('Invalid object key format');
  const versionId = columns.versionId === -1 ? undefined : (row[columns.versionId] ?? '');
  if (versionId !== undefined && !isVersionId(versionId)) {
    throw invalidManifest('Invalid version ID format');
  }
  return { bucket: row[columns.bucket] ?? '', rawKey, versionId };
}

/** The forms that AWS's guide shows; a row that lacks its own fails as a task. */
function isVersionId(cell: string): boolean {
  return cell === '' || cell === 'null' || /^([\w.-]{32}|[\w.+-]{64})$/.test(cell);
}

/** A line of the task file. */
export function taskLine({ bucket, rawKey, versionId }: Task): string {
  return `${JSON.stringify(versionId === undefined ? [bucket, rawKey] : [bucket, rawKey, versionId])}\n`;
}

export function parseTaskLine(line: string): Task {
  const [bucket = '', rawKey = '', versionId] = JSON.parse(line) as string[];
  return { bucket, rawKey, versionId };
}

const MAX_KEY_BYTES = 1024;

/**
 * Decodes a key as S3 Batch Operations reads it from a manifest: percent-encoded UTF-8 with `+` for a
 * space. Answers undefined for what can't be the key of an object. The user guide wants keys encoded
 * and does not say what comes of others: blanks, controls and non-ASCII characters are refused here.
 */
export function decodeManifestKey(text: string): string | undefined {
  if (/[^\x21-\x7e]/.test(text)) return undefined;
  const key = decode(text);
  if (key === undefined || key === '' || Buffer.byteLength(key) > MAX_KEY_BYTES) return undefined;
  return key;
}

/** A key as it stands in a manifest: percent-encoded, but for its slashes. */
export function encodeManifestKey(key: string): string {
  return encodeURIComponent(key).replaceAll('%2F', '/');
}

function decode(text: string): string | undefined {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text;
  if (!spaced.includes('%')) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    return undefined;
  }
}

const WRITE_SIZE = 64 * 1024;
const READ_SIZE = 32 * 1024;
const NEWLINE = 10;

/**
 * Writes a job's tasks, one a line, so that a job runs what its manifest said when it was prepared.
 * @param wanted asked now and then; answering false gives up
 * @returns how many tasks, or undefined when it was given up
 */
export async function writeTaskFile(
  file: string,
  tasks: AsyncIterable<Task>,
  wanted: () => boolean,
): Promise<number | undefined> {
  const handle = await open(file, 'w', 0o600);
  try {
    let count = 0;
    let pending = '';
    for await (const task of tasks) {
      pending += taskLine(task);
      count += 1;
      if (pending.length < WRITE_SIZE) continue;
      if (!wanted()) return undefined;
      await handle.appendFile(pending);
      pending = '';
    }
    await handle.appendFile(pending);
    return wanted() ? count : undefined;
  } finally {
    await handle.close();
  }
}

export interface TaskLine {
  readonly text: string;
  /** The length of the line in the file, its end included. */
  readonly bytes: number;
}

/** Reads a task file from where a job stands. */
export class TaskReader {
  private readonly handle: FileHandle;
  private position: number;
  private rest: Buffer = Buffer.alloc(0);
  private lines: TaskLine[] = [];

  private constructor(handle: FileHandle, position: number) {
    this.handle = handle;
    this.position = position;
  }

  /** @param position bytes of the file that are done */
  static async open(file: string, position: number): Promise<TaskReader> {
    return new TaskReader(await open(file, 'r'), position);
  }

  /** The next lines, at least one unless the file has ended. They stay until `advance`. */
  async peek(): Promise<readonly TaskLine[]> {
    while (this.lines.length === 0) {
      const chunk = Buffer.alloc(READ_SIZE);
      const { bytesRead } = await this.handle.read(chunk, 0, READ_SIZE, this.position);
      if (bytesRead === 0) break;
      this.position += bytesRead;
      this.split(Buffer.concat([this.rest, chunk.subarray(0, bytesRead)]));
    }
    return this.lines;
  }

  /** Lets go of the first `count` lines. */
  advance(count: number): void {
    this.lines = this.lines.slice(count);
  }

  async close(): Promise<void> {
    await this.handle.close();
  }

  private split(buffer: Buffer): void {
    let start = 0;
    for (let end = buffer.indexOf(NEWLINE); end !== -1; end = buffer.indexOf(NEWLINE, start)) {
      this.lines.push({ text: buffer.toString('utf8', start, end), bytes: end + 1 - start });
      start = end + 1;
    }
    this.rest = Buffer.from(buffer.subarray(start));
  }
}
