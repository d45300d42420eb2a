import { visibleSentence } from './visibleText.ts';

/**
 * Text that Markdown shows as it is, whatever it holds: keys may have any character, and those that
 * can't be seen are shown escaped. Line breaks become a sign, for a table's row is one line; runs of
 * spaces stay.
 */
export function escapeMarkdown(text: string): string {
  return visibleSentence(text.replace(/\r\n|[\r\n\u2028\u2029]/g, '⏎'))
    .replace(/[^\p{L}\p{N} ⏎]/gu, entity)
    .replace(/ (?= )|^ | $/g, '&nbsp;');
}

/** Letters and digits mean nothing to Markdown; all else is written by its number. */
function entity(character: string): string {
  return SAFE.has(character) ? character : `&#${character.codePointAt(0) ?? 0};`;
}

/** Means nothing to Markdown inside a line; keeps the source readable. */
const SAFE: ReadonlySet<string> = new Set('/,;%"\'=·…“”’');

/** A Markdown table; cells are Markdown already. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  align: readonly ('left' | 'right')[] = [],
): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, at) => (align[at] === 'right' ? '---:' : '---'));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}
