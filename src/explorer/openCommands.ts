import { Disposable } from 'vscode';
import { registerCommand } from '../vscode/registerCommand.ts';
import type { Explorer } from './explorer.ts';

/** Opening objects in editors. */
export function registerOpenCommands(explorer: Explorer): Disposable {
  return Disposable.from(
    registerCommand('bucketBrigade.explorer.openObject', async (target, selection) => {
      const { openObjects } = await import('./openObject.ts');
      return await openObjects(explorer, target, selection);
    }),
    registerCommand('bucketBrigade.explorer.preview', async target => {
      const { previewObject } = await import('./openObject.ts');
      await previewObject(explorer, target);
    }),
  );
}
