import { Disposable } from 'vscode';
import { registerCommand } from '../../vscode/registerCommand.ts';
import type { Explorer } from '../explorer.ts';

/** Presigned URLs and the console's pages; the code is loaded when one of them is first asked for. */
export function registerLinkCommands(explorer: Explorer): Disposable {
  const load = () => import('./runLinkCommands.ts');
  return Disposable.from(
    registerCommand('bucketBrigade.links.copyPresignedUrl', async (...given) =>
      (await load()).copyPresignedUrls(explorer, ...given),
    ),
    registerCommand('bucketBrigade.links.copyUploadUrl', async target =>
      (await load()).copyUploadUrl(explorer, target),
    ),
    registerCommand('bucketBrigade.links.openInConsole', async target =>
      (await load()).openInConsole(explorer, target),
    ),
  );
}
