import type { ObjectAddress, S3 } from '../s3/s3.ts';
import { faultOf, temporary } from './fault.ts';
import {
  readRecord,
  recordAddress,
  writeRecord,
  type RecordFolder,
  type TagRecord,
} from './record.ts';
import { valueOf, type Tag } from './tag.ts';
import type { Changed } from './tagChange.ts';

/** What of an object's tags was there, and what is there now. */
export interface Tagged {
  readonly before: readonly Tag[];
  readonly after: readonly Tag[];
  /** Set where a record of them was written. */
  readonly recordKey?: string;
}

export interface TagRequest {
  readonly object: ObjectAddress;
  /** @throws Fault where the change can't be made */
  readonly change: (current: readonly Tag[]) => Changed;
  readonly folder: RecordFolder;
  /** Whether a record is written of every object that is changed. */
  readonly recordsAll: boolean;
  /** Whether the tags are more than the answer can hold, so that a record must. */
  readonly isLarge: (before: readonly Tag[], after: readonly Tag[]) => boolean;
  /** Whether there is time for the writes. */
  readonly hasTime: () => boolean;
}

/** How often a change is made again because another client has replaced the tags meanwhile. */
const ROUNDS = 3;

/**
 * Changes an object's tags: reads them, writes down what they were, writes them and reads them back, as S3
 * knows no condition for tags. S3 Batch Operations may invoke a task again after its write, and then the
 * tags are found as the change leaves them: so the record, if there is one, says what was there before.
 *
 * @throws Fault, temporary while it is not known whether anything was changed
 */
export async function tagObject(s3: S3, request: TagRequest): Promise<Tagged> {
  const { object, change, recordsAll, isLarge, hasTime } = request;
  let current: readonly Tag[] = await s3.getObjectTagging(object);
  const former = new FormerTags(s3, request, current);
  for (let round = 0; round < ROUNDS; round++) {
    const { after, changed } = change(current);
    if (!changed) {
      await former.find();
      return await former.with(current, isLarge);
    }
    if (!hasTime()) throw temporary('NoTime', 'The function has no time left for it');
    if (recordsAll || isLarge(former.tags, after)) await former.record(after);
    try {
      await s3.putObjectTagging(object, after);
      const found = await s3.getObjectTagging(object);
      if (holds(current, after, found)) return await former.with(found, isLarge);
      current = found;
    } catch (error) {
      const fault = faultOf(error);
      // Nobody knows whether it was written: the next invocation must find what was there before.
      if (fault.isTemporary) await former.record(after);
      throw fault;
    }
  }
  throw temporary('TagsChanged', 'Another client keeps replacing the tags');
}

/** What was there before the first invocation for an object. */
class FormerTags {
  readonly #s3: S3;
  readonly #object: ObjectAddress;
  readonly #at: ObjectAddress;
  #tags: readonly Tag[];
  #isRecorded = false;

  constructor(s3: S3, { object, folder }: TagRequest, current: readonly Tag[]) {
    this.#s3 = s3;
    this.#object = object;
    this.#at = recordAddress(folder, object);
    this.#tags = current;
  }

  get tags(): readonly Tag[] {
    return this.#tags;
  }

  /** Looks for what an earlier invocation wrote. */
  async find(): Promise<void> {
    if (!this.#isRecorded) this.#take(await readRecord(this.#s3, this.#at));
  }

  /** Writes them down, once. */
  async record(after: readonly Tag[]): Promise<void> {
    if (this.#isRecorded) return;
    const mine = { ...this.#object, before: this.#tags, after };
    this.#take((await writeRecord(this.#s3, this.#at, mine)) ?? mine);
  }

  /** Together with what is there now. */
  async with(after: readonly Tag[], isLarge: TagRequest['isLarge']): Promise<Tagged> {
    if (isLarge(this.#tags, after)) await this.record(after);
    const before = this.#tags;
    return this.#isRecorded ? { before, after, recordKey: this.#at.key } : { before, after };
  }

  #take(record: TagRecord | undefined): void {
    if (record === undefined) return;
    this.#tags = record.before;
    this.#isRecorded = true;
  }
}

/** Whether a change is in what S3 says: others may have added to it. */
function holds(before: readonly Tag[], wanted: readonly Tag[], found: readonly Tag[]): boolean {
  const set = wanted.filter(([key, value]) => valueOf(before, key) !== value);
  const removed = before.filter(([key]) => valueOf(wanted, key) === undefined);
  return (
    set.every(([key, value]) => valueOf(found, key) === value) &&
    removed.every(([key]) => valueOf(found, key) === undefined)
  );
}
