import { Disposable, workspace } from 'vscode';
import { DOCUMENT_SCHEME } from '../../vscode/documents.ts';
import { registerCommand } from '../../vscode/registerCommand.ts';
import { servicesFor } from '../../vscode/sessionOwner.ts';
import type { Resize } from '../resize.ts';
import type { Logs } from './shownLogs.ts';

/** The logs of functions; what reads them is loaded with the first. */
export function registerLogCommands(resize: Resize): Disposable {
  const logs: Logs = { ...resize, open: new Map() };
  const shown = async () => await import('./shownLogs.ts');
  return Disposable.from(
    workspace.onDidCloseTextDocument(({ uri }) => {
      if (uri.scheme === DOCUMENT_SCHEME) logs.open.delete(uri.path);
    }),
    registerCommand('bucketBrigade.resize.showLogs', async target =>
      (await shown()).showLogs(servicesFor(logs, target), target),
    ),
    registerCommand('bucketBrigade.resize.refreshLogs', async document =>
      (await shown()).refresh(logs, document),
    ),
    registerCommand('bucketBrigade.resize.loadOlderLogs', async document =>
      (await shown()).loadOlder(logs, document),
    ),
  );
}
