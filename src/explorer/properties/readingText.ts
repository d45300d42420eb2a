import { l10n } from 'vscode';
import type { Reading } from '../../aws/properties/reading.ts';
import { describeError } from '../../vscode/describeError.ts';
import { visibleSentence } from '../../vscode/visibleText.ts';
import type { Block } from '../../vscode/page/protocol.ts';

export type Fact = Extract<Block, { kind: 'facts' }>['facts'][number];

/** Describes a property: its value, or why there is none. */
export function readingText<T>(
  reading: Reading<T>,
  describe: (value: T) => string,
  none = l10n.t('Not configured'),
): string {
  switch (reading.kind) {
    case 'known':
      return visibleSentence(describe(reading.value));
    case 'none':
      return none;
    case 'denied':
      return l10n.t('Not permitted: requires {0}', reading.action);
    case 'notOffered':
      return l10n.t('Not supported by this service');
    case 'failed':
      return describeError(reading.error);
  }
}

/** The value, where it could be read. */
export function valueOf<T>(reading: Reading<T>): T | undefined {
  return reading.kind === 'known' ? reading.value : undefined;
}

/** A line of the page; one without a value says so. */
export function fact(term: string, value: string | undefined): Fact {
  return { term, value: value === undefined ? l10n.t('Not set') : visibleSentence(value) };
}

/** A section of a page. */
export function section(heading: string, facts: readonly Fact[]): Block[] {
  return [
    { kind: 'heading', text: heading },
    { kind: 'facts', facts },
  ];
}

/** A whole configuration as the AWS CLI shows it, collapsed at first. */
export function source(summary: string, value: unknown): Block {
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2);
  return { kind: 'details', summary, blocks: [{ kind: 'code', label: summary, text }] };
}
