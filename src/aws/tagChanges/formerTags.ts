import type { Tag } from '../objects/tagRules.ts';

/** Characters of a task's result that S3 keeps in a report. */
const MAX_RESULT = 1024;

/** Tags as results and before-files have them: `[["key","value"],…]`. */
export type TagPairs = readonly (readonly [string, string])[];

/** What a report's row says of the tags that were there before: themselves, or where they are. */
export type FormerTagsResult =
  | { readonly before: readonly Tag[]; readonly after?: readonly Tag[] }
  /** A key of the report's bucket. */
  | { readonly beforeKey: string }
  /** The object was so already, and its tags don't fit: there is nothing to restore. */
  | { readonly unchanged: true };

export function toPairs(tags: readonly Tag[]): TagPairs {
  return tags.map(({ key, value }) => [key, value] as const);
}

/** Undefined when it is not a list of pairs of strings. */
export function fromPairs(value: unknown): Tag[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const tags = (value as unknown[]).map(pair => {
    const [key, text] = Array.isArray(pair) ? (pair as unknown[]) : [];
    return typeof key === 'string' && typeof text === 'string' ? { key, value: text } : undefined;
  });
  return tags.every(tag => tag !== undefined) ? tags : undefined;
}

/**
 * A row's ResultMessage: the tags that were there before, with `after` those that are now; where
 * they don't fit, the key of the file that holds them, which an object that was not changed has none of.
 */
export function formatResult(
  { before, after }: { readonly before: readonly Tag[]; readonly after?: readonly Tag[] },
  beforeKey: string | undefined,
): string {
  const text = JSON.stringify({
    before: toPairs(before),
    ...(after && { after: toPairs(after) }),
  });
  if (text.length <= MAX_RESULT) return text;
  return JSON.stringify(beforeKey === undefined ? { unchanged: true } : { beforeKey });
}

/** What a ResultMessage says; undefined when it is not of ours. */
export function parseResult(message: string): FormerTagsResult | undefined {
  const value = parseObject(message);
  if (value === undefined) return undefined;
  if (typeof value['beforeKey'] === 'string') return { beforeKey: value['beforeKey'] };
  if (value['unchanged'] === true) return { unchanged: true };
  const before = fromPairs(value['before']);
  const after = fromPairs(value['after']);
  return before && { before, ...(after && { after }) };
}

function parseObject(text: string): Record<string, unknown> | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
