import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { taskLine } from './task.ts';
import type { Task } from './task.ts';

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
