import type { Disposable } from 'vscode';
import type { Services } from '../services.ts';
import { DisposableStore } from '../vscode/disposables.ts';
import { registerCommand } from '../vscode/registerCommand.ts';
import { createFunctionFromZip } from './createFunction/createFunction.ts';
import { changeResizeSettings } from './deploy/changeSettings.ts';
import { deployResize } from './deploy/deployResize.ts';
import { followUploads } from './follow/followUploads.ts';
import { registerLogCommands } from './logs/logCommands.ts';
import { resizeNow } from './now/resizeNow.ts';
import { removeResize } from './remove/removeResize.ts';
import type { Resize } from './resize.ts';

/** The resize function: its deployment, and what can be done with functions that are there. */
export function registerResize(
  services: Pick<Services, 'context' | 'log' | 'connections' | 'documents'>,
): Disposable {
  const { context, log, connections, documents } = services;
  const resize: Resize = { context, log, connections, documents };
  const disposables = new DisposableStore();
  for (const command of [
    registerCommand('bucketBrigade.resize.deploy', from => deployResize(resize, from)),
    registerCommand('bucketBrigade.resize.changeSettings', from =>
      changeResizeSettings(resize, from),
    ),
    registerCommand('bucketBrigade.resize.remove', from => removeResize(resize, from)),
    registerCommand('bucketBrigade.resize.createFunction', from =>
      createFunctionFromZip(resize, from),
    ),
    registerCommand('bucketBrigade.resize.resizeNow', target => resizeNow(resize, target)),
    registerCommand('bucketBrigade.resize.followUploads', uploaded =>
      followUploads(resize, uploaded),
    ),
    registerLogCommands(resize),
  ]) {
    disposables.add(command);
  }
  return disposables;
}
