import { decodeEventKey, encodeEventKey } from '../notifications/eventKey.ts';
import type { ResizedObject } from '../resizeFunction/resizeEvent.ts';
import { parsed, recordOf, textOf } from './reportLine.ts';

/** Which object: of the newest upload of its key where it says so. */
export interface FollowedObject {
  readonly bucket: string;
  readonly key: string;
}

/** What a line says of an object. */
export interface Mention extends FollowedObject {
  /** Of the upload that the event was about, where the line says so. */
  readonly eTag?: string;
  readonly versionId?: string;
  /** As the resize function logs it; `started` before anything is read. */
  readonly outcome?: 'started' | 'resized' | 'skipped' | 'failed';
  readonly errorType?: string;
  readonly message?: string;
  readonly outputs: readonly ResizedObject[];
}

/** Characters of a line that are searched: it may have a million. */
const HEAD = 20_000;

/** The objects that a line names: as the resize function does, or as an event of S3 that was logged. */
export function mentionsIn(message: string): Mention[] {
  const at = message.indexOf('{');
  return at === -1 ? [] : mentionsOf(parsed(message.slice(at)));
}

function mentionsOf(value: unknown): Mention[] {
  const fields = recordOf(value);
  const { bucket, key, message, Records: records } = fields;
  if (typeof bucket === 'string' && typeof key === 'string') return [ownMention(fields)];
  if (Array.isArray(records)) return records.flatMap(eventMention);
  // Lambda's JSON log format wraps what a function logs: a text that is JSON, or what it was parsed to.
  if (typeof message === 'string') return message.startsWith('{') ? mentionsIn(message) : [];
  return typeof message === 'object' ? mentionsOf(message) : [];
}

function ownMention(fields: Readonly<Record<string, unknown>>): Mention {
  const { outputs } = fields;
  const text = (name: string): string | undefined => textOf(fields[name]);
  const outcome = text('outcome');
  return {
    bucket: text('bucket') ?? '',
    key: text('key') ?? '',
    eTag: text('eTag'),
    versionId: text('versionId'),
    outcome: isOutcome(outcome) ? outcome : undefined,
    errorType: text('errorType'),
    message: text('message'),
    outputs: Array.isArray(outputs) ? outputs.flatMap(outputOf) : [],
  };
}

function isOutcome(text: string | undefined): text is NonNullable<Mention['outcome']> {
  return text === 'started' || text === 'resized' || text === 'skipped' || text === 'failed';
}

function outputOf(value: unknown): ResizedObject[] {
  const { bucket, key, ...rest } = recordOf(value);
  if (typeof bucket !== 'string' || typeof key !== 'string') return [];
  const number = (name: string): number | undefined =>
    typeof rest[name] === 'number' ? rest[name] : undefined;
  const [width, height, bytes] = [number('width'), number('height'), number('bytes')];
  return [{ bucket, key, width, height, bytes, onlyFirst: rest['onlyFirst'] === true }];
}

function eventMention(record: unknown): Mention[] {
  const s3 = recordOf(recordOf(record)['s3']);
  const { key, eTag, versionId } = recordOf(s3['object']);
  const bucket = textOf(recordOf(s3['bucket'])['name']);
  if (bucket === undefined || typeof key !== 'string') return [];
  const upload = { eTag: textOf(eTag), versionId: textOf(versionId) };
  return [{ bucket, key: decodeEventKey(key), ...upload, outputs: [] }];
}

/** Whether a line names a key in words of its own: `Processing s3://photos/cat.jpg`. */
export function mentionsInText(message: string, { bucket, key }: FollowedObject): boolean {
  const text = message.slice(0, HEAD);
  return [key, encodeEventKey(key)].some(name => occurs(text, name, bucket));
}

/** A key inside a longer one is another key. */
function occurs(text: string, name: string, bucket: string): boolean {
  for (let at = text.indexOf(name); at !== -1; at = text.indexOf(name, at + 1)) {
    const before = text.slice(0, at);
    const begins = before.endsWith(`${bucket}/`) || !/[\w./%+-]$/.test(before);
    if (begins && !/^[\w/%+-]/.test(text.slice(at + name.length))) return true;
  }
  return false;
}

/**
 * A text that every line about a key has, however the key is written there: the longest run of
 * characters that neither JSON nor an event changes. Undefined where that would find too much.
 */
export function searchedText(key: string): string | undefined {
  const runs = key.match(/[\w./-]+/g) ?? [];
  const longest = runs.reduce((best, run) => (run.length > best.length ? run : best), '');
  return longest.length < 3 ? undefined : longest;
}
