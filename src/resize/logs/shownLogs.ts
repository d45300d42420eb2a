import { l10n, window } from 'vscode';
import { setTimeout as delay } from 'node:timers/promises';
import { BrigadeError } from '../../aws/errors.ts';
import type { DocumentUri, FunctionLogsArguments } from '../../commands.ts';
import type { Session } from '../../services.ts';
import { accountText } from '../../vscode/accountText.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import type { Resize } from '../resize.ts';
import type { FunctionLog, LogSource } from './functionLog.ts';

/** A log that is shown, and the account it was read from. */
export interface OpenLog {
  readonly log: FunctionLog;
  readonly session: Pick<Session, 'key' | 'connection' | 'identity'>;
}

/** What the commands of an open log work with: the logs by the paths of their documents. */
export interface Logs extends Resize {
  readonly open: Map<string, OpenLog>;
}

/** Shows the log of a function, or the lines of a span of it. */
export async function showLogs(
  logs: Logs,
  target: FunctionLogsArguments | undefined,
): Promise<void> {
  if (target?.functionName !== undefined && target.span !== undefined) {
    const { showSpan } = await import('./spanLog.ts');
    await showSpan(logs, { ...target, functionName: target.functionName, span: target.span });
    return;
  }
  const [{ logSourceOrAsk }, { FunctionLog }] = await Promise.all([
    import('./logSource.ts'),
    import('./functionLog.ts'),
  ]);
  const session = await logs.connections.session();
  const source = await logSourceOrAsk(session, target);
  if (source === undefined) return;
  const log = new FunctionLog(source);
  await withCancellableProgress({ title: readingTitle(source) }, signal =>
    readFirst(session, log, signal),
  );
  await show(logs, { log, session });
}

/** Milliseconds that the lines of an invocation that just ended are waited for. */
const TIMEOUT_MS = 10_000;
const POLL_MS = 1_000;

/** CloudWatch Logs has the lines of an invocation some seconds after it. */
async function readFirst(session: Session, log: FunctionLog, signal: AbortSignal): Promise<void> {
  await log.readNewest(session.clients, signal);
  if (log.source.requestId === undefined) return;
  for (let waited = 0; log.isEmpty && waited < TIMEOUT_MS; waited += POLL_MS) {
    await delay(POLL_MS, undefined, { signal });
    await log.readNewest(session.clients, signal);
  }
}

/** Reads the newest lines of an open log. */
export async function refresh(logs: Logs, document: DocumentUri | undefined): Promise<void> {
  await update(logs, document, async (session, log, signal) => {
    await log.readNewer(session.clients, signal);
  });
}

/** Reads older lines of an open log. */
export async function loadOlder(logs: Logs, document: DocumentUri | undefined): Promise<void> {
  await update(logs, document, async (session, log, signal) => {
    if ((await log.readOlder(session.clients, signal)) > 0) return;
    window.setStatusBarMessage(l10n.t('There are no older log lines.'), 5_000);
  });
}

/** Reads more of the log whose title bar was clicked, or that is in front. */
async function update(
  logs: Logs,
  document: DocumentUri | undefined,
  read: (session: Session, log: FunctionLog, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const shown = logs.open.get(pathOf(document) ?? '');
  if (shown === undefined) return;
  const { log } = shown;
  const isOpen = logs.connections.opened.some(({ id }) => id === shown.session.connection.id);
  const id = isOpen ? shown.session.connection.id : undefined;
  const session = await logs.connections.session(undefined, id);
  if (session.key !== shown.session.key) throw ofAnotherAccount(shown);
  await withCancellableProgress({ title: readingTitle(log.source) }, signal =>
    read(session, log, signal),
  );
  await show(logs, { log, session });
}

/** Lines of two accounts in one document would be taken for one function's. */
function ofAnotherAccount({ log, session }: OpenLog): BrigadeError {
  const { connection, identity } = session;
  const whose = [connection.label, accountText(identity)].join(' · ');
  return new BrigadeError(
    'InvalidInput',
    l10n.t('These are log lines of {0}. Select that connection to read more of them.', whose),
    { subject: log.source.functionName },
  );
}

/** Buttons of an editor's title bar pass the document's URI. */
function pathOf(document: DocumentUri | undefined): string | undefined {
  return (document ?? window.activeTextEditor?.document.uri)?.path;
}

async function show(logs: Logs, shown: OpenLog): Promise<void> {
  const { functionName, region, requestId } = shown.log.source;
  const label = shown.session.connection.label.replaceAll('/', '_');
  const place = ['logs', label, shown.session.identity.accountId, region];
  const folder = [...place, ...(requestId === undefined ? [] : [requestId])].join('/');
  const { path } = await logs.documents.show(folder, `${functionName}.log`, shown.log.text);
  logs.open.set(path, shown);
}

function readingTitle({ functionName }: LogSource): string {
  return l10n.t('Reading the log lines of {0}', functionName);
}
