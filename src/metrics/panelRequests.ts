import { env, l10n, Uri, window, workspace } from 'vscode';
import type { Services, Session } from '../services.ts';
import type { MetricsReader } from './metricsReader.ts';
import { askFunction } from './functionChoice.ts';
import { readMarks } from './marks.ts';
import { openErrorLogs } from './openErrorLogs.ts';
import type { FromPanel, Requests } from './protocol.ts';

export interface Asked extends Pick<Services, 'documents'> {
  readonly session: Session;
  readonly reader: MetricsReader;
  readonly signal: AbortSignal;
}

type Request = Extract<FromPanel, { kind: 'request' }>;

/** Does what a panel asks. @throws BrigadeError */
export async function answer(request: Request, asked: Asked): Promise<unknown> {
  const { clients } = asked.session;
  switch (request.method) {
    case 'readMetrics':
      return await asked.reader.read(clients, request.params, asked.signal);
    case 'readMarks':
      return await readMarks(clients, request.params, asked.signal);
    case 'chooseFunction':
      return (await askFunction(clients, request.params)).functions[0];
    case 'openLogs':
      return await openErrorLogs(request.params, asked);
    case 'copyText':
      await env.clipboard.writeText(request.params.text);
      return null;
    case 'saveFile':
      return await saveFile(request.params);
    case 'openConsole':
      await env.openExternal(consoleUri(request.params));
      return null;
  }
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

/** The monitoring tab of Lambda's console, which shows the same metrics. */
function consoleUri({ functionName, region }: { functionName: string; region: string }): Uri {
  const name = encodeURIComponent(functionName);
  return Uri.parse(
    `https://${region}.console.aws.amazon.com/lambda/home?region=${region}#/functions/${name}?tab=monitoring`,
  );
}
