import type { Tag } from './tagRules.ts';

/**
 * Tags on one line, as people write them: `phototype=finished, owner=me`. Nothing here loads the AWS
 * SDK.
 *
 * A comma or a line end is between two tags, and the first `=` between key and value. Keys may contain
 * `=` (Amazon S3 user guide, "Categorizing your storage using tags"); such a key stands in quotation
 * marks, which no tag may contain: `"a=b"=c`.
 */
export type TagTextProblem =
  /** `text` has no `=`: it may be a key without a value, or a value without its key. */
  | { readonly kind: 'noEquals'; readonly text: string }
  /** A quotation mark of `text` is not closed, or stands within a key or value. */
  | { readonly kind: 'quotes'; readonly text: string };

export type TagText = { readonly tags: readonly Tag[] } | { readonly problem: TagTextProblem };

/** Reads tags from a line; AWS's rules for them are those of `validateTags`. */
export function parseTagText(text: string): TagText {
  const tags: Tag[] = [];
  for (const part of outsideQuotes(text, /[,\r\n]/)) {
    const written = part.trim();
    if (written === '') continue;
    const [first = '', ...rest] = outsideQuotes(written, /=/);
    if (rest.length === 0) return { problem: { kind: 'noEquals', text: written } };
    const key = unquoted(first);
    const value = unquoted(written.slice(first.length + 1));
    if (key === undefined || value === undefined) {
      return { problem: { kind: 'quotes', text: written } };
    }
    tags.push({ key, value });
  }
  return { tags };
}

/** Writes tags so that `parseTagText` reads the same. */
export function formatTagText(tags: readonly Tag[]): string {
  return tags.map(({ key, value }) => `${quoted(key, /[=,]/)}=${quoted(value, /,/)}`).join(', ');
}

function quoted(text: string, special: RegExp): string {
  return special.test(text) || text !== text.trim() ? `"${text}"` : text;
}

function outsideQuotes(text: string, separator: RegExp): string[] {
  const parts: string[] = [];
  let part = '';
  let inside = false;
  for (const character of text) {
    if (character === '"') inside = !inside;
    if (inside || !separator.test(character)) {
      part += character;
    } else {
      parts.push(part);
      part = '';
    }
  }
  return [...parts, part];
}

/** Without the marks around it; undefined where there are others. */
function unquoted(written: string): string | undefined {
  const text = written.trim();
  const inner = /^"([^"]*)"$/.exec(text)?.[1] ?? text;
  return inner.includes('"') ? undefined : inner;
}
