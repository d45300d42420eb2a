import type { ReportRow } from '../batchJobs/reportRows.ts';
import { kindOfMessage } from '../batchJobs/resultMessage.ts';

/** Failures of one kind: of one code, and with one message but for what differs by object. */
export interface FailureGroup {
  readonly errorCode: string;
  readonly httpStatus?: number;
  readonly count: number;
  /** Of the first of them. */
  readonly message: string;
  readonly sampleKeys: readonly string[];
  /** What the keys of each bucket have in common at their beginning; the first buckets only. */
  readonly places: readonly KeyPlace[];
  /** Whether any of them names a version. */
  readonly hasVersions: boolean;
}

export interface KeyPlace {
  readonly bucket: string;
  /** Of all its keys in the group; may be empty, may end within a name. */
  readonly prefix: string;
}

interface Growing extends FailureGroup {
  count: number;
  hasVersions: boolean;
  readonly sampleKeys: string[];
  readonly places: { readonly bucket: string; prefix: string }[];
}

const SAMPLES = 5;
const MAX_PLACES = 10;
/** A function may say something else of every object: then its code alone distinguishes them. */
const MAX_KINDS = 50;
/** Error codes are few; a report that is none must not fill the memory. */
const MAX_GROUPS = 1000;
/** Messages whose kind is known already. */
const MAX_KNOWN = 1000;

/** Puts failed rows together by kind, with memory for the kinds only. */
export class FailureGroups {
  readonly #groups: Growing[] = [];
  readonly #byName = new Map<string, number>();
  readonly #byMessage = new Map<string, number>();

  /** In the order in which they came. */
  get groups(): readonly FailureGroup[] {
    return this.#groups;
  }

  /** @returns the number of the row's group in `groups` */
  add(row: ReportRow): number {
    const index = this.#groupOf(row);
    const group = this.#groups[index];
    if (group === undefined) return index;
    group.count += 1;
    group.hasVersions ||= row.versionId !== undefined;
    if (group.sampleKeys.length < SAMPLES) group.sampleKeys.push(row.key);
    addPlace(group, row);
    return index;
  }

  #groupOf(row: ReportRow): number {
    const { errorCode, httpStatus, message, key, rawKey } = row;
    const said = `${httpStatus ?? ''} ${errorCode} ${message}`;
    const known = this.#byMessage.get(said);
    if (known !== undefined) return known;
    const code = `${httpStatus ?? ''} ${errorCode}`;
    const kind = `${code} ${kindOfMessage(message, [key, rawKey])}`;
    const isKind = this.#byName.has(kind) || this.#groups.length < MAX_KINDS;
    const index = this.#named(isKind ? kind : code, row);
    // A message that names the object is another for each.
    if (this.#byMessage.size < MAX_KNOWN && !message.includes(key)) {
      this.#byMessage.set(said, index);
    }
    return index;
  }

  #named(name: string, { errorCode, httpStatus, message }: ReportRow): number {
    const found = this.#byName.get(name);
    if (found !== undefined) return found;
    // One for all the rest.
    if (this.#groups.length === MAX_GROUPS) return MAX_GROUPS - 1;
    const first = { errorCode, httpStatus, message };
    const index = this.#groups.push({ ...first, ...emptyGroup() }) - 1;
    this.#byName.set(name, index);
    return index;
  }
}

function emptyGroup() {
  return { count: 0, hasVersions: false, sampleKeys: [], places: [] };
}

function addPlace({ places }: Growing, { bucket, key }: ReportRow): void {
  const place = places.find(one => one.bucket === bucket);
  if (place !== undefined) place.prefix = commonPrefix(place.prefix, key);
  else if (places.length < MAX_PLACES) places.push({ bucket, prefix: key });
}

function commonPrefix(one: string, other: string): string {
  if (other.startsWith(one)) return one;
  let length = 0;
  while (one[length] === other[length]) length += 1;
  return one.slice(0, length);
}
