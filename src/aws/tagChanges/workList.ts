import { createReadStream } from 'node:fs';
import { open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { renameFile } from '../../system/renameFile.ts';
import { jsonLine } from '../jsonLine.ts';
import type { TaggedObject } from '../objects/tags.ts';
import { fromPairs, toPairs, type TagPairs } from './formerTags.ts';
import type { FormerTags } from './revert.ts';
import { writeDurably } from './durableFile.ts';

/** One object whose tags are to be changed. */
export interface WorkItem {
  readonly object: TaggedObject;
  /** What is to be restored, in an undoing; `lost` where what held it is missing or damaged. */
  readonly former?: FormerTags | 'lost';
}

const LIST = 'objects.jsonl';
const TOTAL = 'objects.json';

type Line = readonly [
  bucket: string,
  key: string,
  versionId: string | null,
  before?: TagPairs | 'lost',
  after?: TagPairs,
];

/**
 * The objects of a task in a file of its folder: what is done to them continues in the same order
 * after a restart, however the bucket has changed since. It is there as a whole or not at all.
 */
export class WorkList {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** How many there are; undefined as long as the list is not complete. */
  async total(): Promise<number | undefined> {
    try {
      const text = await readFile(join(this.#folder, TOTAL), 'utf8');
      return (JSON.parse(text) as { total: number }).total;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  /**
   * Writes the list again.
   *
   * @param batches what `onCount` is told the number of, as they come
   */
  async write(
    batches: AsyncIterable<readonly WorkItem[]>,
    onCount: (count: number) => void,
  ): Promise<number> {
    const path = join(this.#folder, LIST);
    await rm(join(this.#folder, TOTAL), { force: true });
    let total = 0;
    const file = await open(`${path}.tmp`, 'w');
    try {
      for await (const items of batches) {
        await file.appendFile(items.map(item => jsonLine(lineOf(item))).join(''));
        total += items.length;
        onCount(total);
      }
      await file.sync();
    } finally {
      await file.close();
    }
    await renameFile(`${path}.tmp`, path);
    await writeDurably(join(this.#folder, TOTAL), JSON.stringify({ total }));
    return total;
  }

  /** The objects in the order of the list, `size` at a time. */
  async *batches(size: number): AsyncGenerator<WorkItem[], void, undefined> {
    const stream = createReadStream(join(this.#folder, LIST), 'utf8');
    let batch: WorkItem[] = [];
    try {
      for await (const line of createInterface({ input: stream, crlfDelay: Infinity })) {
        batch.push(itemOf(JSON.parse(line) as Line));
        if (batch.length < size) continue;
        yield batch;
        batch = [];
      }
      if (batch.length > 0) yield batch;
    } finally {
      stream.destroy();
    }
  }
}

function lineOf({ object, former }: WorkItem): Line {
  const { bucket, key, versionId = null } = object;
  if (former === undefined) return [bucket, key, versionId];
  if (former === 'lost') return [bucket, key, versionId, former];
  const before = toPairs(former.before);
  return former.after === undefined
    ? [bucket, key, versionId, before]
    : [bucket, key, versionId, before, toPairs(former.after)];
}

function itemOf([bucket, key, versionId, before, after]: Line): WorkItem {
  const object = { bucket, key, ...(versionId !== null && { versionId }) };
  if (before === 'lost') return { object, former: before };
  const former = fromPairs(before);
  const left = fromPairs(after);
  return former ? { object, former: { before: former, ...(left && { after: left }) } } : { object };
}
