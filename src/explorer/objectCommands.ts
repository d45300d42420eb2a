import { Disposable } from 'vscode';
import { registerCommand } from '../vscode/registerCommand.ts';
import type { S3Location, TagLocation } from '../commands.ts';
import type { Explorer } from './explorer.ts';
import { isRow } from './rows.ts';

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
      const rows = (selection ?? [target]).filter(row => row !== undefined);
      const tags = rows.filter(isTag);
      if (tags.length > 0 && tags.length === rows.length) {
        const { removeTags } = await import('./tagCommands.ts');
        await removeTags(explorer, tags);
        return;
      }
      const { deleteSelected } = await import('./deleteObjects.ts');
      await deleteSelected(explorer, target, selection);
    }),
    registerCommand('bucketBrigade.explorer.editTags', async (target, selection) => {
      const { editTags } = await import('./tagCommands.ts');
      await editTags(explorer, target, selection);
    }),
    registerCommand('bucketBrigade.explorer.addTag', async (target, selection, tag) => {
      const { addTag } = await import('./tagCommands.ts');
      await addTag(explorer, target, selection, tag);
    }),
    registerCommand('bucketBrigade.explorer.changeTag', async target => {
      const { changeTag } = await import('./tagCommands.ts');
      await changeTag(explorer, target);
    }),
    registerCommand('bucketBrigade.explorer.removeTag', async (target, selection) => {
      const { removeTags } = await import('./tagCommands.ts');
      await removeTags(explorer, selection ?? (target ? [target] : []));
    }),
  );
}

/** The Delete key deletes whatever has the focus: a tag too. */
function isTag(target: S3Location): target is S3Location & TagLocation {
  return isRow(target) && target.kind === 'tag';
}
