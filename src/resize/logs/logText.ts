import { l10n } from 'vscode';
import type { LogLine } from '../../aws/functions/functionLogs.ts';
import {
  errorLines,
  failedLines,
  invocationLines,
  type InvocationLine,
} from '../../aws/functions/invocationLines.ts';
import { formatDate } from '../../vscode/formats.ts';
import { visible } from '../../vscode/visibleText.ts';
import { cutText } from '../../aws/cutText.ts';

export interface ShownLog {
  readonly functionName: string;
  readonly logGroup: string;
  readonly requestId?: string;
  /** From when on these are all lines. */
  readonly since: Date;
  /** Oldest first. */
  readonly lines: readonly LogLine[];
}

/** The log of a span of time. */
export interface ShownSpan extends Omit<ShownLog, 'since' | 'requestId'> {
  readonly start: Date;
  readonly end: Date;
  /** From when on there are only lines of errors; undefined if these are all lines. */
  readonly errorsOnlyAfter?: Date;
}

/** A log as a text file: what it is, then its lines, oldest first. */
export function logText(log: ShownLog): string {
  return textOf(headLines(log), invocationLines(log.lines));
}

/** The same of a span: what went wrong, then the invocations with errors, then all. */
export function spanText(span: ShownSpan): string {
  const { functionName, logGroup, start, end, lines, errorsOnlyAfter } = span;
  const all = invocationLines(lines);
  const failed = failedLines(all);
  const head = [
    l10n.t('Log lines of {0} ({1})', functionName, logGroup),
    l10n.t('from {0} to {1}', start.toISOString(), end.toISOString()),
    ...(lines.length === 0 ? [l10n.t('No log lines.')] : []),
    ...(errorsOnlyAfter === undefined
      ? []
      : [
          l10n.t(
            'Too many log lines: after {0}, only errors are shown. Zoom in to see all.',
            errorsOnlyAfter.toISOString(),
          ),
        ]),
  ];
  if (failed.length === 0) return textOf(head, all);
  const parts = [
    textOf([...head, l10n.t('Errors, newest first:')], errorLines(all)),
    textOf([l10n.t('Invocations with errors:')], failed),
    textOf([l10n.t('All lines:')], all),
  ];
  return parts.reduce((text, part) => (text.length > MAX_TEXT ? text : `${text}\n${part}`));
}

function textOf(head: readonly string[], lines: readonly InvocationLine[]): string {
  const shown: string[] = [];
  let length = 0;
  for (const line of lines) {
    const text = lineText(line);
    length += text.length;
    if (length > MAX_TEXT) break;
    shown.push(text);
  }
  const rest = lines.length - shown.length;
  const more = rest === 0 ? [] : [`# ${l10n.t('{0} more lines aren’t shown.', rest)}`];
  return [...head.map(line => `# ${line}`), '', ...shown, ...more, ''].join('\n');
}

function headLines({ functionName, logGroup, requestId, since, lines }: ShownLog): string[] {
  const name =
    requestId === undefined
      ? l10n.t('Log lines of {0} ({1})', functionName, logGroup)
      : l10n.t('Log lines of {0} ({1}) about the request {2}', functionName, logGroup, requestId);
  if (lines.length > 0) return [name, l10n.t('since {0}', formatDate(since))];
  return [
    name,
    l10n.t('No log lines since {0}.', formatDate(since)),
    l10n.t(
      'A function writes logs when it runs. They appear in CloudWatch Logs a few seconds later.',
    ),
  ];
}

/** A function may log 1 MB a line, and control characters: an editor is to be read. */
const MAX_LINE = 10_000;
/** Characters of a whole text; VS Code slows down above some millions. */
const MAX_TEXT = 5_000_000;

/** What an editor would act on, or warn of: control characters, line ends, turned text. */
const UNREADABLE =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** A function's own lines mostly begin with when they were written. */
const TIMED = /^\d{4}-\d\d-\d\dT[\d:.]+Z\s/;

/**
 * A line for an editor or a page: when, of which object where it is known, what. The time is the one that lines
 * are sorted by: that which a function wrote itself may be a millisecond earlier.
 */
export function lineText({ timestamp, key, message }: InvocationLine): string {
  const shown = message.length > MAX_LINE ? `${cutText(message, MAX_LINE)}…` : message;
  const indented = shown.replace(/\r?\n|\r/g, '\n    ').replace(UNREADABLE, '\ufffd');
  return [
    timestamp.toISOString(),
    ...(key === undefined ? [] : [visible(key)]),
    indented.replace(TIMED, ''),
  ].join('\t');
}
