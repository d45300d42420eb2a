/** A tag of an object. Keys and values are case-sensitive. */
export interface Tag {
  readonly key: string;
  readonly value: string;
}

export interface TagProblem {
  /** Which tag, from 0; for `set` the first one too many. */
  readonly index: number;
  readonly field: 'key' | 'value' | 'set';
  readonly problem:
    'tooMany' | 'duplicate' | 'empty' | 'tooLong' | 'forbiddenCharacters' | 'reserved';
  /** The limit that was passed, for `tooMany` (tags) and `tooLong` (characters). */
  readonly max?: number;
}

export const MAX_OBJECT_TAGS = 10;
export const MAX_TAG_KEY_LENGTH = 128;
export const MAX_TAG_VALUE_LENGTH = 256;

/** Letters, digits, spaces and `_ . : / = + - @`; the pattern of S3 Control's service model. */
const ALLOWED = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/**
 * What AWS would refuse of a tag set (Amazon S3 user guide, "Categorizing your storage using tags":
 * ten tags an object with different keys, keys of 1 to 128 and values of 0 to 256 characters, which
 * S3 counts in UTF-16, as JavaScript does: one beyond U+FFFF is two; `aws:` is kept for system tags).
 * Empty when all is well. Nothing here loads the AWS SDK.
 */
export function validateTags(tags: readonly Tag[]): TagProblem[] {
  const problems: TagProblem[] = [];
  if (tags.length > MAX_OBJECT_TAGS) {
    const max = MAX_OBJECT_TAGS;
    problems.push({ index: max, field: 'set', problem: 'tooMany', max });
  }
  const seen = new Set<string>();
  tags.forEach((tag, index) => {
    problems.push(...keyProblems(tag.key, index), ...valueProblems(tag.value, index));
    if (seen.has(tag.key)) {
      problems.push({ index, field: 'key', problem: 'duplicate' });
    }
    seen.add(tag.key);
  });
  return problems;
}

/** The first thing that AWS would refuse of a tag set, with the key of its tag; undefined if nothing. */
export function tagProblem(
  tags: readonly Tag[],
): { readonly kind: 'tags'; readonly problem: TagProblem; readonly key: string } | undefined {
  const problem = validateTags(tags)[0];
  return problem && { kind: 'tags', problem, key: tags[problem.index]?.key ?? '' };
}

function keyProblems(key: string, index: number): TagProblem[] {
  const problems: TagProblem[] = [];
  if (key === '') {
    problems.push({ index, field: 'key', problem: 'empty' });
  }
  if (key.length > MAX_TAG_KEY_LENGTH) {
    problems.push({ index, field: 'key', problem: 'tooLong', max: MAX_TAG_KEY_LENGTH });
  }
  if (!ALLOWED.test(key)) {
    problems.push({ index, field: 'key', problem: 'forbiddenCharacters' });
  }
  if (/^aws:/i.test(key)) {
    problems.push({ index, field: 'key', problem: 'reserved' });
  }
  return problems;
}

function valueProblems(value: string, index: number): TagProblem[] {
  const problems: TagProblem[] = [];
  if (value.length > MAX_TAG_VALUE_LENGTH) {
    problems.push({ index, field: 'value', problem: 'tooLong', max: MAX_TAG_VALUE_LENGTH });
  }
  if (!ALLOWED.test(value)) {
    problems.push({ index, field: 'value', problem: 'forbiddenCharacters' });
  }
  return problems;
}
