import { Disposable, l10n, window } from 'vscode';
import { setTimeout as delay } from 'node:timers/promises';
import type { FunctionLogsArguments } from '../../commands.ts';
import type { Session } from '../../services.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { registerCommand } from '../../vscode/registerCommand.ts';
import type { Resize } from '../resize.ts';
import type { FunctionLog, LogSource } from './functionLog.ts';

/** What the commands of an open log work with: the logs by the paths of their documents. */
interface Logs extends Resize {
  readonly open: Map<string, FunctionLog>;
}

export function registerLogCommands(resize: Resize): Disposable {
  const logs: Logs = { ...resize, open: new Map() };
  return Disposable.from(
    registerCommand('bucketBrigade.resize.showLogs', target => showLogs(logs, target)),
    registerCommand('bucketBrigade.resize.refreshLogs', document => refresh(logs, document)),
    registerCommand('bucketBrigade.resize.loadOlderLogs', document => loadOlder(logs, document)),
  );
}

async function showLogs(logs: Logs, target: FunctionLogsArguments | undefined): Promise<void> {
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
  await show(logs, log);
}

/** Milliseconds that the lines of an invocation that just ended are waited for. */
const PATIENCE = 10_000;
const LOOK = 1_000;

/** CloudWatch Logs has the lines of an invocation some seconds after it. */
async function readFirst(session: Session, log: FunctionLog, signal: AbortSignal): Promise<void> {
  await log.readNewest(session.clients, signal);
  if (log.source.requestId === undefined) return;
  for (let waited = 0; log.isEmpty && waited < PATIENCE; waited += LOOK) {
    await delay(LOOK, undefined, { signal });
    await log.readNewest(session.clients, signal);
  }
}

async function refresh(logs: Logs, document: unknown): Promise<void> {
  await update(logs, document, async (session, log, signal) => {
    await log.readNewer(session.clients, signal);
  });
}

async function loadOlder(logs: Logs, document: unknown): Promise<void> {
  await update(logs, document, async (session, log, signal) => {
    if ((await log.readOlder(session.clients, signal)) > 0) return;
    window.setStatusBarMessage(l10n.t('There are no older log lines.'), 5_000);
  });
}

/** Reads more of the log whose title bar was clicked, or that is in front. */
async function update(
  logs: Logs,
  document: unknown,
  read: (session: Session, log: FunctionLog, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const log = logs.open.get(pathOf(document) ?? '');
  if (log === undefined) return;
  const session = await logs.connections.session();
  await withCancellableProgress({ title: readingTitle(log.source) }, signal =>
    read(session, log, signal),
  );
  await show(logs, log);
}

/** Buttons of an editor's title bar pass the document's URI. */
function pathOf(document: unknown): string | undefined {
  const { path } = (document ?? window.activeTextEditor?.document.uri ?? {}) as { path?: unknown };
  return typeof path === 'string' ? path : undefined;
}

async function show(logs: Logs, log: FunctionLog): Promise<void> {
  const { functionName, region, requestId } = log.source;
  const folder = ['logs', region, ...(requestId === undefined ? [] : [requestId])].join('/');
  const { path } = await logs.documents.show(folder, `${functionName}.log`, log.text);
  logs.open.set(path, log);
}

function readingTitle({ functionName }: LogSource): string {
  return l10n.t('Reading the log lines of {0}', functionName);
}
