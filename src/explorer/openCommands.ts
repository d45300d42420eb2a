import { Disposable, type TreeView } from 'vscode';
import { registerCommand } from '../vscode/registerCommand.ts';
import type { Explorer } from './explorer.ts';
import type { Row } from './rows.ts';

/** Opening an object in an editor, and showing where it is in the tree. */
export function registerOpenCommands(explorer: Explorer, view: TreeView<Row>): Disposable {
  return Disposable.from(
    registerCommand('bucketBrigade.explorer.openObject', async (target, selection) => {
      const { openObjects } = await import('./openObject.ts');
      await openObjects(explorer, target, selection);
    }),
    registerCommand('bucketBrigade.explorer.reveal', async target => {
      const { reveal } = await import('./goTo.ts');
      await reveal(explorer, view, target);
    }),
  );
}
