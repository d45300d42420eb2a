import { l10n } from 'vscode';
import type { LogLine } from '../../aws/functions/functionLogs.ts';
import { formatDate } from '../../vscode/formats.ts';

export interface ShownLog {
  readonly functionName: string;
  readonly logGroup: string;
  readonly requestId?: string;
  /** From when on these are all lines. */
  readonly since: Date;
  /** Oldest first. */
  readonly lines: readonly LogLine[];
}

/** A log as a text file: what it is, then its lines, oldest first. */
export function logText(log: ShownLog): string {
  return [...headLines(log).map(line => `# ${line}`), '', ...log.lines.map(lineText), ''].join(
    '\n',
  );
}

function headLines({ functionName, logGroup, requestId, since, lines }: ShownLog): string[] {
  const name =
    requestId === undefined
      ? l10n.t('Log lines of {0} ({1})', functionName, logGroup)
      : l10n.t('Log lines of {0} ({1}) about the request {2}', functionName, logGroup, requestId);
  if (lines.length > 0) return [name, l10n.t('since {0}', formatDate(since))];
  return [
    name,
    l10n.t('There are none since {0}.', formatDate(since)),
    l10n.t('A function logs when it runs, and CloudWatch Logs shows its lines some seconds later.'),
  ];
}

/** A function may log 256 KB a line, and control characters: an editor is to be read. */
const MAX_LINE = 10_000;

/** Lambda's own lines say when they were written only in JSON, and a function's own mostly do. */
function lineText({ timestamp, message }: LogLine): string {
  const shown = message.length > MAX_LINE ? `${message.slice(0, MAX_LINE)}…` : message;
  const indented = shown
    .replace(/\r?\n|\r/g, '\n    ')
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '\ufffd');
  return /^\d{4}-\d\d-\d\dT/.test(message) ? indented : `${timestamp.toISOString()}\t${indented}`;
}
