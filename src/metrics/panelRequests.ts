import { env, l10n, Uri, window, workspace } from 'vscode';
import { BrigadeError } from '../aws/errors.ts';
import { consoleUrl, isInConsole } from '../aws/metrics/consoleUrl.ts';
import type { Session } from '../services.ts';
import { isCancellation } from '../vscode/cancellation.ts';
import { openUrl } from '../vscode/openUrl.ts';
import { runCommandFor } from '../vscode/runCommand.ts';
import { errorReply } from '../vscode/webviewMessages.ts';
import type { MetricsReader } from './metricsReader.ts';
import { askFunction } from './functionChoice.ts';
import type { AnnotationsReader } from './annotations.ts';
import type { FromPanel, MetricsReply, MetricsRequest, Requests } from './protocol.ts';

export interface RequestContext {
  readonly session: () => Promise<Session>;
  /** A session's connection and account, for the heading. */
  readonly accountOf: (session: Session) => string;
  readonly reader: MetricsReader;
  readonly annotations: AnnotationsReader;
  /** The number of this reading. */
  readonly reading: number;
  /** Whether what is kept may be too old, whatever the page asks. */
  readonly fresh: boolean;
  readonly signal: AbortSignal;
}

type Request = Extract<FromPanel, { kind: 'request' }>;

/** Does what a panel asks. @throws BrigadeError */
export async function answer(request: Request, asked: RequestContext): Promise<unknown> {
  switch (request.method) {
    case 'readMetrics':
      return await readMetrics(request.params, asked);
    case 'readAnnotations':
      return await asked.annotations.read(
        (await asked.session()).clients,
        request.params,
        asked.signal,
      );
    case 'chooseFunction':
      return await chooseFunction(request.params, asked);
    case 'openLogs':
      await openLogs(await asked.session(), request.params);
      return null;
    case 'copyText':
      await env.clipboard.writeText(request.params.text);
      return null;
    case 'saveFile':
      return await saveFile(request.params);
    case 'openConsole':
      await openConsole(request.params, asked);
      return null;
  }
}

async function readMetrics(
  params: MetricsRequest,
  { session, accountOf, reader, reading, fresh, signal }: RequestContext,
): Promise<MetricsReply> {
  const opened = await session();
  const request = { ...params, fresh: params.fresh || fresh };
  const { totalsError, ...read } = await reader.read(opened.clients, request, signal);
  return {
    ...read,
    reading,
    console: await hasConsole(opened, params),
    account: accountOf(opened),
    ...(totalsError && { totalsProblem: errorReply(totalsError) }),
  };
}

async function chooseFunction(
  params: Requests['chooseFunction']['params'],
  { session }: RequestContext,
): Promise<string | null> {
  try {
    const { functions, region } = await askFunction((await session()).clients, params);
    const [functionName = ''] = functions;
    if (region === params.region) return functionName;
    const why = l10n.t('It is in {0}; this panel shows functions in {1}.', region, params.region);
    throw new BrigadeError('InvalidInput', why, { subject: functionName });
  } catch (error) {
    if (isCancellation(error)) return null;
    throw error;
  }
}

/** What fails there is shown there. */
async function openLogs(
  session: Session,
  { functionName, region, start, end }: Requests['openLogs']['params'],
): Promise<void> {
  const target = { functionName, region, span: { start, end } };
  await runCommandFor(session, 'bucketBrigade.resize.showLogs', target);
}

async function saveFile({
  name,
  base64,
}: Requests['saveFile']['params']): Promise<Requests['saveFile']['result']> {
  const folder = workspace.workspaceFolders?.[0]?.uri;
  const chosen = await window.showSaveDialog({
    title: l10n.t('Save Chart'),
    defaultUri: folder && Uri.joinPath(folder, name.replace(/[^\w.-]+/g, '-')),
  });
  if (chosen === undefined) return null;
  await workspace.fs.writeFile(chosen, Buffer.from(base64, 'base64'));
  return { path: chosen.fsPath };
}

/** Where AWS itself answers and its console is known, that shows the same. */
export async function hasConsole(
  { clients }: Session,
  { region, range }: Pick<MetricsRequest, 'region' | 'range'>,
): Promise<boolean> {
  const isKnown = consoleUrl({ functionName: '', region, range }) !== undefined;
  return isKnown && (await isInConsole(clients, region));
}

async function openConsole(
  params: Requests['openConsole']['params'],
  { session }: RequestContext,
): Promise<void> {
  const url = consoleUrl(params);
  if (url !== undefined && (await hasConsole(await session(), params))) await openUrl(url);
}
