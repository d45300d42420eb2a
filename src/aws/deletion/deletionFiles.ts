import { appendFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { renameFile } from '../../system/renameFile.ts';
import { jsonLine } from '../jsonLine.ts';
import { failedRow, failureOf } from '../tagChanges/resultRows.ts';
import type { DeleteFailure, CreatedMarker } from './deleteBatch.ts';

/** A request to delete that may have been carried out, of which no answer came. */
export interface SentBatch {
  readonly bucket: string;
  readonly keys: readonly string[];
  /** By S3's clock, in milliseconds since 1970. */
  readonly at: number;
}

const MARKERS = 'markers.jsonl';
const FAILURES = 'failures.csv';

/**
 * What a delete keeps in a folder of its own: the delete markers it has made, one JSON a line, to be
 * undone by; what failed, as a completion report has it; and the requests that are under way.
 */
export class DeletionFiles {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  get failures(): string {
    return join(this.folder, FAILURES);
  }

  /** @throws NodeJS.ErrnoException `ENOSPC` … */
  async begin(): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
  }

  async addMarkers(markers: readonly CreatedMarker[]): Promise<void> {
    if (markers.length === 0) return;
    const lines = markers.map(({ bucket, key, versionId }) => jsonLine([bucket, key, versionId]));
    // On a line of their own: what a killed process has half written spoils no other.
    await appendFile(join(this.folder, MARKERS), `\n${lines.join('')}`, { mode: 0o600 });
  }

  /** All markers, in batches of one bucket; those of one key that were noted together stay together. */
  async *markers(size: number): AsyncGenerator<readonly CreatedMarker[]> {
    let batch: CreatedMarker[] = [];
    for await (const line of linesOf(join(this.folder, MARKERS))) {
      const marker = parseMarker(line);
      if (!marker) continue;
      const last = batch.at(-1);
      const full = batch.length >= size && last?.key !== marker.key;
      if (full || (last && last.bucket !== marker.bucket)) {
        yield batch;
        batch = [];
      }
      batch.push(marker);
    }
    if (batch.length > 0) yield batch;
  }

  async addFailures(failures: readonly DeleteFailure[]): Promise<void> {
    if (failures.length === 0) return;
    const rows = failures.map(({ item, error }) => failedRow(item, failureOf(error)));
    await appendFile(this.failures, rows.join(''), { mode: 0o600 });
  }

  async forgetFailures(): Promise<void> {
    await rm(this.failures, { force: true });
  }

  /** Writes down what is about to be sent. */
  async send(number: number, batch: SentBatch): Promise<void> {
    await writeFile(this.#sent(number), JSON.stringify(batch), { mode: 0o600 });
  }

  /** Its outcome is known; the keys stay until a checkpoint is behind them. */
  async settle(number: number): Promise<void> {
    await renameFile(this.#sent(number), this.#done(number));
  }

  async forget(numbers: readonly number[]): Promise<void> {
    await Promise.all(numbers.map(number => rm(this.#done(number), { force: true })));
  }

  /** All that was written down of requests. */
  async forgetAll(): Promise<void> {
    await this.forget((await this.sent()).map(({ number }) => number));
  }

  /** What was sent since the last checkpoint; `done` where it is known what happened to it. */
  async sent(): Promise<
    { readonly number: number; readonly done: boolean; readonly batch: SentBatch }[]
  > {
    const names = (await readdir(this.folder)).filter(name => /^(sent|done)-\d+\.json$/.test(name));
    const found = await Promise.all(
      names.map(async name => {
        const number = Number(/\d+/.exec(name)?.[0]);
        // Half of a file was not sent yet.
        const batch = parseJson(await readFile(join(this.folder, name), 'utf8'));
        const done = name.startsWith('done');
        return batch === undefined ? [] : [{ number, done, batch: batch as SentBatch }];
      }),
    );
    return found.flat();
  }

  #sent(number: number): string {
    return join(this.folder, `sent-${number}.json`);
  }

  #done(number: number): string {
    return join(this.folder, `done-${number}.json`);
  }
}

async function* linesOf(path: string): AsyncGenerator<string> {
  const stream = createReadStream(path, 'utf8');
  try {
    yield* createInterface({ input: stream, crlfDelay: Infinity });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  } finally {
    stream.destroy();
  }
}

function parseMarker(line: string): CreatedMarker | undefined {
  const parts = line === '' ? undefined : parseJson(line);
  if (!Array.isArray(parts)) return undefined;
  const [bucket, key, versionId] = parts as unknown[];
  if (typeof bucket !== 'string' || typeof key !== 'string') return undefined;
  return typeof versionId === 'string' ? { bucket, key, versionId } : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
