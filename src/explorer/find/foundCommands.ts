import { join } from 'node:path';
import type { Disposable } from 'vscode';
import { type ExtensionContext, type TreeView } from 'vscode';
import type { Services } from '../../services.ts';
import { DisposableStore } from '../../vscode/disposables.ts';
import { registerCommand } from '../../vscode/registerCommand.ts';
import { runCommand } from '../../vscode/runCommand.ts';
import type { Explorer } from '../explorer.ts';
import type { Row } from '../tree/rows.ts';
import type { FoundView } from './foundView.ts';

export interface FoundServices {
  readonly explorer: Explorer;
  readonly view: TreeView<Row>;
  readonly worker: Services['worker'];
  readonly context: Pick<ExtensionContext, 'globalStorageUri'>;
}

/** What the view does when its command is called. */
const ACTIONS = [
  ...(['change', 'again', 'stop', 'clear', 'loadMore', 'createManifest', 'save'] as const),
];

/** Find Objects and what is done with what it found; the view is made with the first search. */
export function registerFoundCommands({ explorer, view, ...services }: FoundServices): Disposable {
  const disposables = new DisposableStore();
  let made: Promise<FoundView> | undefined;
  const found = (): Promise<FoundView> =>
    (made ??= import('./foundView.ts').then(({ FoundView: View }) => {
      const root = join(services.context.globalStorageUri.fsPath, 'found');
      return disposables.add(new View(explorer, services.worker, root));
    }));
  const add = (command: Disposable): Disposable => disposables.add(command);
  add(
    registerCommand('bucketBrigade.find.start', async (target, selection, filter) => {
      const { findObjects } = await import('./findObjects.ts');
      const targets = selection ?? (target ? [target] : []);
      return await findObjects(explorer, view, await found(), targets, filter);
    }),
  );
  for (const name of ACTIONS) {
    add(registerCommand(`bucketBrigade.find.${name}`, async () => await (await found())[name]()));
  }
  add(
    registerCommand('bucketBrigade.find.reveal', async target => {
      if (target) await runCommand('bucketBrigade.explorer.reveal', { ...target });
    }),
  );
  return disposables;
}
