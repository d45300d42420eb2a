import { visibleSentence } from '../visibleText.ts';
import { escapeMarkdown } from '../markdown.ts';
import type { StepDetail } from '../../aws/deployment/step.ts';
import { detailText } from './detailText.ts';

/** Lines as a list; a detail of several lines, such as a policy, as a block of its own. */
export function detailBlocks(details: readonly StepDetail[]): string[] {
  const blocks: string[] = [];
  let list: string[] = [];
  const flush = (): void => {
    if (list.length > 0) blocks.push(list.join('\n'));
    list = [];
  };
  for (const detail of details.map(detailText)) {
    if (!detail.includes('\n')) {
      list.push(`- ${escapeMarkdown(detail)}`);
      continue;
    }
    flush();
    blocks.push(...named(detail));
  }
  flush();
  return blocks;
}

/** `Name: {…}` as its name and a block of JSON; any other text as a block. */
function named(detail: string): string[] {
  const [, name = '', text = detail] = /^([^\n{:]+): (\{[\s\S]*)$/.exec(detail) ?? [];
  return name === '' ? [fenced(text)] : [`${escapeMarkdown(name)}:`, fenced(text, 'json')];
}

/** A fence longer than any in the text. */
function fenced(text: string, language = ''): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${visibleSentence(text)}\n${fence}`;
}

/** Plain text in the type of code; `escapeMarkdown` leaves no Markdown in it. */
export function code(text: string): string {
  return `<code>${escapeMarkdown(text)}</code>`;
}
