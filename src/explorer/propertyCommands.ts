import { Disposable, window } from 'vscode';
import { registerCommand } from '../vscode/registerCommand.ts';
import type { Services } from '../services.ts';
import type { Explorer } from './explorer.ts';
import { PROPERTIES_VIEW } from './properties/viewType.ts';

/** What is known of objects and buckets, and changing it; all of it is loaded when it is first run. */
export function registerPropertyCommands(
  explorer: Explorer,
  { context, worker, documents }: Pick<Services, 'context' | 'worker' | 'documents'>,
): Disposable {
  return Disposable.from(
    registerCommand('bucketBrigade.explorer.showProperties', async (target, selection) => {
      const { showProperties } = await import('./properties/showProperties.ts');
      await showProperties({ explorer, context, worker }, target, selection);
    }),
    window.registerWebviewPanelSerializer(PROPERTIES_VIEW, {
      deserializeWebviewPanel: async (panel, state) => {
        const { restoreProperties } = await import('./properties/propertiesPage.ts');
        await restoreProperties({ explorer, context, worker }, panel, state);
      },
    }),
    registerCommand('bucketBrigade.explorer.openPart', async target => {
      const { openPart } = await import('./parts/openPart.ts');
      await openPart({ explorer, documents }, target);
    }),
    registerCommand('bucketBrigade.explorer.openAsFolder', async target => {
      const { openAsFolder } = await import('./openAsFolder.ts');
      await openAsFolder(explorer, target);
    }),
    registerCommand('bucketBrigade.explorer.editMetadata', async (target, selection) => {
      const { editMetadata } = await import('./properties/editMetadata.ts');
      await editMetadata(explorer, target, selection);
    }),
    registerCommand('bucketBrigade.explorer.changeStorageClass', async (target, selection) => {
      const { changeStorageClass } = await import('./properties/changeStorageClass.ts');
      await changeStorageClass({ explorer, worker }, target, selection);
    }),
    worker.present('changeStorageClass', {
      progress: ({ changed, same, failed }) => String(changed + same + failed),
      done: async (result, input, session) => {
        const { showChangeResult } = await import('./properties/changeStorageClass.ts');
        await showChangeResult({ explorer, worker }, session, input, result);
      },
    }),
  );
}
