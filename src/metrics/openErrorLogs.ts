import { l10n } from 'vscode';
import type { LogLine } from '../aws/functions/functionLogs.ts';
import type { Asked } from './panelRequests.ts';
import type { Requests } from './protocol.ts';

/** Lines that are shown at most: an editor is to be read. */
const MAX_LINES = 5000;

/** Words by which Lambda, its Node.js runtime and our function mark what went wrong. */
const ERROR = /\b(ERROR|Error|error|Exception|Task timed out|Status: (error|timeout)|FATAL)\b/;
const REQUEST_ID = /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/;

/**
 * Opens the log lines of a span: first those of the invocations that failed, then all of them.
 *
 * @throws BrigadeError `AccessDenied` (logs:FilterLogEvents) …
 */
export async function openErrorLogs(
  { functionName, region, start, end }: Requests['openLogs']['params'],
  { session, documents, signal }: Asked,
): Promise<null> {
  const { readFunctionLogs } = await import('../aws/functions/functionLogs.ts');
  const { clients } = await session();
  const lines: LogLine[] = [];
  let nextToken: string | undefined;
  do {
    const page = await readFunctionLogs(
      clients,
      {
        functionName,
        region,
        startTime: new Date(start * 1000),
        endTime: new Date(end * 1000),
        nextToken,
      },
      { signal },
    );
    lines.push(...page.lines);
    nextToken = page.nextToken;
  } while (nextToken !== undefined && lines.length < MAX_LINES);
  const span = l10n.t('{0} from {1} to {2}', functionName, isoTime(start), isoTime(end));
  const text = logText(span, lines, nextToken !== undefined);
  // Not below /logs/: the buttons there read more of a log, and this one is of a span.
  await documents.show(`metrics/${functionName}/${start}-${end}`, `${functionName}.log`, text);
  return null;
}

/** The text of the editor: a heading, the failed invocations, then everything. */
export function logText(span: string, lines: readonly LogLine[], more: boolean): string {
  if (lines.length === 0) return `${l10n.t('{0}: no log lines.', span)}\n`;
  const failed = failedLines(lines);
  const parts = [
    failed.length === 0
      ? l10n.t('{0}: no line of an error.', span)
      : l10n.t('{0}: invocations with errors first.', span),
    ...failed.map(lineText),
    ...(failed.length === 0 ? [] : ['', l10n.t('All lines:')]),
    ...lines.map(lineText),
    ...(more ? ['', l10n.t('There are more lines. Zoom in to see a shorter time.')] : []),
  ];
  return `${parts.join('\n')}\n`;
}

/** Every line of an invocation that has a line of an error, and such lines of none. */
function failedLines(lines: readonly LogLine[]): LogLine[] {
  const wrong = lines.filter(({ message }) => ERROR.test(message));
  const ids = new Set(wrong.flatMap(({ message }) => REQUEST_ID.exec(message)?.[0] ?? []));
  return lines.filter(line => {
    const id = REQUEST_ID.exec(line.message)?.[0];
    return id === undefined ? ERROR.test(line.message) : ids.has(id);
  });
}

/** Control characters would colour an editor's text or break its lines; a megabyte would stop it. */
function lineText({ timestamp, message }: LogLine): string {
  const shown = message.length > 10_000 ? `${message.slice(0, 10_000)}…` : message;
  return `${timestamp.toISOString()} ${shown.replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '\ufffd')}`;
}

function isoTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
