import { permanent } from './fault.ts';
import type { WhenChanged } from './revert.ts';
import { isTags, type Tag } from './tag.ts';
import type { TagChange } from './tagChange.ts';

/** What a job wants of the tagger, the same for all of its objects. */
export interface Work {
  readonly action: TagChange | { readonly kind: 'undo'; readonly whenChanged: WhenChanged };
  /** The report's place, without the job's own folder: records of former tags are written beside it. */
  readonly report: { readonly bucket: string; readonly prefix: string };
  /** Whether a record of the former tags is written for each object, or where the answer can't hold them. */
  readonly record: 'always' | 'large';
}

type Arguments = Readonly<Record<string, unknown>>;

/** The encoding that is read here; another one may mean another thing. */
const VERSION = '1';

/**
 * Reads a job's user arguments. The extension writes them (`src/aws/taggerFunction/taggerArguments.ts`):
 * `tagger` (the encoding's version), `report` (`s3://bucket/prefix`), `record`, and the change as JSON in
 * `change1`, `change2` … of up to 1,024 characters each.
 *
 * @throws Fault permanent `UnsupportedArguments`
 */
export function readWork(given: Arguments): Work {
  const { tagger, report, record } = given;
  if (tagger !== VERSION) {
    throw unsupported(
      `this function knows version ${VERSION} of them, not ${JSON.stringify(tagger)}`,
    );
  }
  const [, bucket, prefix = ''] = /^s3:\/\/([^/]+)(?:\/(.*))?$/s.exec(text(report)) ?? [];
  if (bucket === undefined) throw unsupported('"report" is no s3://bucket/prefix');
  if (record !== 'always' && record !== 'large') throw unsupported('"record" is unknown');
  return { action: actionOf(changeText(given)), report: { bucket, prefix }, record };
}

function changeText(given: Arguments): string {
  let all = '';
  for (let number = 1; typeof given[`change${number}`] === 'string'; number++) {
    all += text(given[`change${number}`]);
  }
  return all;
}

function actionOf(json: string): Work['action'] {
  const change = parse(json);
  const { kind, tags, keys, from, to, whenChanged } = change;
  switch (kind) {
    case 'add':
    case 'addMissing':
    case 'replaceAll':
      if (!isTags(tags)) break;
      return { kind, tags: tags satisfies readonly Tag[] };
    case 'rename':
      if (typeof from !== 'string' || typeof to !== 'string') break;
      return { kind, from, to };
    case 'remove':
      if (!isTexts(keys)) break;
      return { kind, keys };
    case 'removeAll':
      return { kind };
    case 'undo':
      if (whenChanged !== 'keep' && whenChanged !== 'overwrite') break;
      return { kind, whenChanged };
  }
  throw unsupported('"change1" … hold no change that is known');
}

function parse(json: string): Arguments {
  try {
    return Object(JSON.parse(json)) as Arguments;
  } catch {
    throw unsupported('"change1" … are no JSON');
  }
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(each => typeof each === 'string');
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function unsupported(why: string): Error {
  return permanent('UnsupportedArguments', `The job's user arguments can't be read: ${why}`);
}
