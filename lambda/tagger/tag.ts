/** A tag of an object, as S3 has it: its key and its value, both case-sensitive. */
export type Tag = readonly [key: string, value: string];

const MAX_TAGS = 10;
const MAX_KEY_LENGTH = 128;
const MAX_VALUE_LENGTH = 256;

/** Letters, digits, spaces and `_ . : / = + - @`; the pattern of S3 Control's service model. */
const ALLOWED = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/**
 * What S3 would refuse of a set of tags (Amazon S3 user guide, "Categorizing your storage using tags"), as
 * code and message; undefined when all is well.
 */
export function ruleBroken(
  tags: readonly Tag[],
): readonly [code: string, message: string] | undefined {
  if (tags.length > MAX_TAGS) {
    return ['TooManyTags', `The object would have ${tags.length} tags, and S3 allows ${MAX_TAGS}`];
  }
  const seen = new Set<string>();
  for (const [key, value] of tags) {
    const problem =
      keyProblem(key) ?? valueProblem(value) ?? (seen.has(key) ? 'is there twice' : '');
    if (problem !== '') return ['InvalidTag', `The tag ${JSON.stringify(key)} ${problem}`];
    seen.add(key);
  }
  return undefined;
}

function keyProblem(key: string): string | undefined {
  if (key === '') return 'has an empty key';
  if (key.length > MAX_KEY_LENGTH) return `has a key of more than ${MAX_KEY_LENGTH} characters`;
  if (!ALLOWED.test(key)) return 'has a key with characters that S3 does not allow';
  return /^aws:/i.test(key) ? 'has a key that begins with aws:, which is reserved' : undefined;
}

function valueProblem(value: string): string | undefined {
  if (value.length > MAX_VALUE_LENGTH) {
    return `has a value of more than ${MAX_VALUE_LENGTH} characters`;
  }
  return ALLOWED.test(value) ? undefined : 'has a value with characters that S3 does not allow';
}

/** The value of a key; undefined when no tag has it. */
export function valueOf(tags: readonly Tag[], key: string): string | undefined {
  return tags.find(([one]) => one === key)?.[1];
}

/** Whether two sets hold the same tags: S3 keeps no order. */
export function sameTags(some: readonly Tag[], others: readonly Tag[]): boolean {
  return (
    some.length === others.length && some.every(([key, value]) => valueOf(others, key) === value)
  );
}

/** Whether it is a list of pairs of texts. */
export function isTags(value: unknown): value is Tag[] {
  return (
    Array.isArray(value) &&
    value.every(
      (pair: unknown) =>
        Array.isArray(pair) && pair.length === 2 && pair.every(text => typeof text === 'string'),
    )
  );
}
