import { Disposable } from 'vscode';
import { registerCommand } from '../vscode/registerCommand.ts';
import type { Explorer } from './explorer.ts';

/** What is done to objects and their tags; what a command does is loaded when it is first run. */
export function registerObjectCommands(explorer: Explorer): Disposable {
  return Disposable.from(
    registerCommand('bucketBrigade.explorer.upload', async target => {
      const { upload } = await import('./uploadCommand.ts');
      await upload(explorer, target);
    }),
    registerCommand('bucketBrigade.explorer.download', async (target, selection) => {
      const { download } = await import('./download.ts');
      await download(explorer, target, selection);
    }),
    registerCommand('bucketBrigade.explorer.deleteObject', async (target, selection) => {
      const { deleteSelected } = await import('./deleteObjects.ts');
      await deleteSelected(explorer, target, selection);
    }),
    registerCommand('bucketBrigade.explorer.editTags', async target => {
      const { editTags } = await import('./tagCommands.ts');
      await editTags(explorer, target);
    }),
    registerCommand('bucketBrigade.explorer.addTag', async (target, _selection, tag) => {
      const { addTag } = await import('./tagCommands.ts');
      await addTag(explorer, target, tag);
    }),
    registerCommand('bucketBrigade.explorer.changeTag', async target => {
      if (!target) return;
      const { changeTag } = await import('./tagCommands.ts');
      await changeTag(explorer, target);
    }),
    registerCommand('bucketBrigade.explorer.removeTag', async target => {
      if (!target) return;
      const { removeTag } = await import('./tagCommands.ts');
      await removeTag(explorer, target);
    }),
  );
}
