import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { CsvRecords } from '../csvRecords.ts';
import { decodeManifestKey } from '../manifest/manifestKey.ts';
import { writeObject } from '../objects/objects.ts';
import type { TaggedObject } from '../objects/tags.ts';
import type { Tag } from '../objects/tagRules.ts';
import { writeDurably } from './durableFile.ts';
import { fromPairs, toPairs } from './formerTags.ts';
import { csvRow, place } from './resultRows.ts';

/** What was there before, and what is about to be written. */
export interface BeforeRow {
  readonly object: TaggedObject;
  readonly before: readonly Tag[];
  readonly after: readonly Tag[];
}

/** Characters of a row: a key and two sets of tags, all of them encoded. */
const MAX_ROW = 64 * 1024;

/**
 * The tags that were there before, of each batch and round in a file of its own: first on the disk,
 * so that a killed process knows what it may have written over, then beside the report, so that they
 * outlive this machine. Nothing is changed before both are there.
 */
export class PreviousTagFiles {
  readonly #folder: string;
  readonly #clients: AwsClients;
  readonly #report: { readonly bucket: string; readonly folder: string };

  constructor(
    folder: string,
    clients: AwsClients,
    report: { readonly bucket: string; readonly folder: string },
  ) {
    this.#folder = folder;
    this.#clients = clients;
    this.#report = report;
  }

  /** The key that a file gets beside the report. */
  keyOf(batch: number, round: number): string {
    return `${this.#report.folder}before/${name(batch, round)}`;
  }

  /** @throws BrigadeError `AccessDenied` …: then nothing may be changed */
  async write(
    batch: number,
    round: number,
    rows: readonly BeforeRow[],
    options: CallOptions,
  ): Promise<void> {
    const text = rows.map(formatBeforeRow).join('');
    await writeDurably(this.#path(batch, round), text);
    const client = await this.#clients.s3ForBucket(this.#report.bucket, options.signal);
    const { bucket } = this.#report;
    await writeObject(client, { bucket, key: this.keyOf(batch, round), body: text }, options);
  }

  /** What a process that ended in this batch has written down in one round; undefined without it. */
  async read(batch: number, round: number): Promise<readonly BeforeRow[] | undefined> {
    try {
      return parseBeforeFile(await readFile(this.#path(batch, round)));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  #path(batch: number, round: number): string {
    return join(this.#folder, `before-${name(batch, round)}`);
  }
}

function name(batch: number, round: number): string {
  return `${String(batch).padStart(5, '0')}-${round}.csv`;
}

function formatBeforeRow({ object, before, after }: BeforeRow): string {
  const pairs = [before, after].map(tags => JSON.stringify(toPairs(tags)));
  return csvRow([...place(object), ...pairs]);
}

/** The rows of a before-file; what is no such row is left out. */
export function parseBeforeFile(bytes: Uint8Array): BeforeRow[] {
  const csv = new CsvRecords({ maxRow: MAX_ROW, acceptsLines: () => true });
  return [...csv.push(bytes), ...csv.end()].flatMap(({ cells }) => {
    const [bucket = '', rawKey = '', versionId = '', first = '', second = ''] = cells ?? [];
    const before = fromPairs(parse(first));
    const after = fromPairs(parse(second));
    if (before === undefined || after === undefined) return [];
    const key = decodeManifestKey(rawKey) ?? rawKey;
    return [{ object: { bucket, key, ...(versionId && { versionId }) }, before, after }];
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
