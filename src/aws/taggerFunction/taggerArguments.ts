import { BrigadeError } from '../errors.ts';
import type { Tag } from '../objects/tagRules.ts';
import { fromPairs, toPairs } from '../tagChanges/formerTags.ts';
import type { WhenChanged } from '../tagChanges/revert.ts';
import type { TagChange } from '../tagChanges/tagChange.ts';

/** What a job wants of the tagger. Nothing here loads the AWS SDK. */
export interface TaggerWork {
  readonly action: TagChange | { readonly kind: 'undo'; readonly whenChanged: WhenChanged };
  /** Where the job's report goes; records of former tags are written beside it. */
  readonly report: { readonly bucket: string; readonly prefix?: string };
  /**
   * `always`: what was there is written down for each object before it is changed, so that it is known
   * even where S3 invokes a task twice or its answer is lost; one PutObject more an object. `large`: only
   * where the report's row can't hold it.
   */
  readonly record: 'always' | 'large';
}

/** The tagger refuses an encoding that it does not know. */
const VERSION = '1';
/** Characters of a user argument's value, and how many a job has at most (S3 Control's model). */
const MAX_VALUE = 1024;
const MAX_ARGUMENTS = 10;

/**
 * A job's user arguments for the tagger. `lambda/tagger/work.ts` reads them; a test holds both together.
 * The change is JSON in `change1`, `change2` … as one value holds 1,024 characters.
 *
 * @throws BrigadeError `InvalidInput` where the change is too long for a job
 */
export function taggerArguments({ action, report, record }: TaggerWork): Record<string, string> {
  const { bucket, prefix = '' } = report;
  const folder = prefix.replace(/\/+$/, '');
  const head = {
    tagger: VERSION,
    report: folder === '' ? `s3://${bucket}` : `s3://${bucket}/${folder}`,
    record,
  };
  const parts = partsOf(JSON.stringify(encoded(action)));
  if (head.report.length > MAX_VALUE || parts.length + Object.keys(head).length > MAX_ARGUMENTS) {
    throw new BrigadeError('InvalidInput', 'The change is too long for the arguments of a job', {
      problem: { kind: 'longTagChange' },
    });
  }
  return { ...head, ...Object.fromEntries(parts.map((part, at) => [`change${at + 1}`, part])) };
}

/** What a job of the tagger was asked for; undefined where it is none, or of another version. */
export function parseTaggerArguments(
  given: Readonly<Record<string, string>> = {},
): TaggerWork | undefined {
  const { tagger, report = '', record } = given;
  const [, bucket, prefix] = /^s3:\/\/([^/]+)(?:\/(.*))?$/s.exec(report) ?? [];
  if (tagger !== VERSION || bucket === undefined) return undefined;
  if (record !== 'always' && record !== 'large') return undefined;
  const action = decoded(joined(given));
  return action && { action, report: { bucket, ...(prefix && { prefix }) }, record };
}

function encoded(action: TaggerWork['action']): object {
  return 'tags' in action ? { ...action, tags: toPairs(action.tags) } : action;
}

function decoded(json: string): TaggerWork['action'] | undefined {
  const value = parse(json);
  if (value === undefined || !('tags' in value)) return value as TaggerWork['action'] | undefined;
  const tags: readonly Tag[] | undefined = fromPairs(value.tags);
  return tags && ({ ...value, tags } as TaggerWork['action']);
}

function joined(given: Readonly<Record<string, string>>): string {
  let all = '';
  for (let number = 1; ; number++) {
    const part = given[`change${number}`];
    if (part === undefined) return all;
    all += part;
  }
}

function parse(json: string): { readonly kind: string; readonly tags?: unknown } | undefined {
  try {
    const value = JSON.parse(json) as { kind?: unknown } | null;
    return typeof value?.kind === 'string' ? (value as { kind: string }) : undefined;
  } catch {
    return undefined;
  }
}

/** Cut where neither side is a space, which readers of XML may drop, nor half of a surrogate pair. */
function partsOf(text: string): string[] {
  const parts: string[] = [];
  let rest = text;
  while (rest.length > MAX_VALUE) {
    let end = MAX_VALUE;
    while (/\s$|[\ud800-\udbff]$/.test(rest.slice(0, end)) || /^\s/.test(rest.slice(end))) end--;
    parts.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  return [...parts, rest];
}
