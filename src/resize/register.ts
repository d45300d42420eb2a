import { Disposable, window } from 'vscode';
import type { Services } from '../services.ts';
import { registerCommand } from '../vscode/registerCommand.ts';
import { servicesFor } from '../vscode/sessionOwner.ts';
import { registerLogCommands } from './logs/logCommands.ts';
import type { Resize } from './resize.ts';
import { STORY_VIEW } from './story/viewType.ts';

const EXPORTS = ['copyCliCommands', 'exportCloudFormation', 'exportTerraform'] as const;

/**
 * The resize function: its deployment, and what can be done with functions that are there. What a
 * command does is loaded when it is first run.
 */
export function registerResize(
  services: Pick<Services, 'context' | 'log' | 'connections' | 'documents'>,
): Disposable {
  const { context, log, connections, documents } = services;
  const resize: Resize = { context, log, connections, documents };
  return Disposable.from(
    registerCommand('bucketBrigade.resize.deploy', async from => {
      const { deployResize } = await import('./deploy/deployResize.ts');
      return await deployResize(servicesFor(resize, from), from);
    }),
    registerCommand('bucketBrigade.resize.changeSettings', async from => {
      const { changeResizeSettings } = await import('./deploy/changeSettings.ts');
      return await changeResizeSettings(servicesFor(resize, from), from);
    }),
    registerCommand('bucketBrigade.resize.remove', async from => {
      const { removeResize } = await import('./remove/removeResize.ts');
      return await removeResize(servicesFor(resize, from), from);
    }),
    ...EXPORTS.map(format =>
      registerCommand(`bucketBrigade.resize.${format}`, async from => {
        const { exportDeployment } = await import('./export/exportDeployment.ts');
        await exportDeployment(servicesFor(resize, from), format, from);
      }),
    ),
    registerCommand('bucketBrigade.resize.createFunction', async from => {
      const { createFunctionFromZip } = await import('./createFunction/createFunction.ts');
      return await createFunctionFromZip(servicesFor(resize, from), from);
    }),
    registerCommand('bucketBrigade.resize.resizeNow', async target => {
      const { resizeNow } = await import('./invoke/resizeNow.ts');
      return await resizeNow(servicesFor(resize, target), target);
    }),
    registerCommand('bucketBrigade.resize.followObject', async (target, selection) => {
      const { followObject } = await import('./story/followObject.ts');
      await followObject(servicesFor(resize, target), target, selection);
    }),
    window.registerWebviewPanelSerializer(STORY_VIEW, {
      deserializeWebviewPanel: async (panel, state) => {
        const { restoreStory } = await import('./story/storyPage.ts');
        restoreStory(resize, panel, state);
      },
    }),
    registerCommand('bucketBrigade.resize.followUploads', async uploaded => {
      if (uploaded === undefined) return;
      const { followUploads } = await import('./follow/followUploads.ts');
      await followUploads(servicesFor(resize, uploaded), uploaded);
    }),
    registerLogCommands(resize),
  );
}
