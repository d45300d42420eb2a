import { Disposable } from 'vscode';
import { registerCommand } from '../vscode/registerCommand.ts';
import type { S3Location, TagLocation, VersionLocation } from '../commands.ts';
import type { Explorer } from './explorer.ts';
import { isRow } from './tree/rows.ts';

/** What is done to objects and their tags; what a command does is loaded when it is first run. */
export function registerObjectCommands(explorer: Explorer): Disposable {
  return Disposable.from(
    registerCommand('bucketBrigade.explorer.upload', async target => {
      const { upload } = await import('./transfers/uploadCommand.ts');
      await upload(explorer, target);
    }),
    registerCommand('bucketBrigade.explorer.download', async (target, selection) => {
      const { download } = await import('./transfers/download.ts');
      await download(explorer, target, selection);
    }),
    registerCommand('bucketBrigade.explorer.deleteObject', async (target, selection) => {
      const rows = (selection ?? [target]).filter(row => row !== undefined);
      const tags = rows.filter(isTag);
      if (tags.length > 0 && tags.length === rows.length) {
        const { removeTags } = await import('./tags/tagCommands.ts');
        await removeTags(explorer, tags);
        return;
      }
      const versions = rows.filter(isVersion);
      if (versions.length > 0 && versions.length === rows.length) {
        const { deleteVersionsPermanently } = await import('./versions/deleteVersions.ts');
        await deleteVersionsPermanently(explorer, versions);
        return;
      }
      const { deleteSelected } = await import('./deletion/deleteSelected.ts');
      await deleteSelected(explorer, target, selection);
    }),
    registerCommand('bucketBrigade.explorer.undoDelete', async () => {
      const { undoDelete } = await import('./deletion/undoDelete.ts');
      await undoDelete(explorer);
    }),
    registerCommand('bucketBrigade.explorer.editTags', async (target, selection) => {
      const { editTags } = await import('./tags/tagCommands.ts');
      await editTags(explorer, target, selection);
    }),
    registerCommand('bucketBrigade.explorer.addTag', async (target, selection, tag) => {
      const { addTag } = await import('./tags/tagCommands.ts');
      await addTag(explorer, target, selection, tag);
    }),
    registerCommand('bucketBrigade.explorer.changeTag', async target => {
      const { changeTag } = await import('./tags/tagCommands.ts');
      await changeTag(explorer, target);
    }),
    registerCommand('bucketBrigade.explorer.removeTag', async (target, selection) => {
      const { removeTags } = await import('./tags/tagCommands.ts');
      await removeTags(explorer, selection ?? (target ? [target] : []));
    }),
  );
}

/** The Delete key deletes whatever has the focus: a tag or a version too. */
function isTag(target: S3Location): target is S3Location & TagLocation {
  return isRow(target) && target.kind === 'tag';
}

function isVersion(target: S3Location): target is S3Location & VersionLocation {
  return isRow(target) && target.kind === 'version';
}
