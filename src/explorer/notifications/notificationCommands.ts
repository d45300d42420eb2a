import { Disposable } from 'vscode';
import { registerCommand } from '../../vscode/registerCommand.ts';
import { servicesFor } from '../../vscode/sessionOwner.ts';
import type { Notifications } from './chooseNotification.ts';

/** Changing what a bucket notifies; how it is asked and done is loaded when it is first wanted. */
export function registerNotificationCommands(on: Notifications): Disposable {
  return Disposable.from(
    registerCommand('bucketBrigade.notifications.add', async target => {
      const { addNotification } = await import('./addNotification.ts');
      return await addNotification(servicesFor(on, target), target);
    }),
    registerCommand('bucketBrigade.notifications.edit', async target => {
      const { editNotification } = await import('./editNotification.ts');
      await editNotification(servicesFor(on, target), target);
    }),
    registerCommand('bucketBrigade.notifications.remove', async target => {
      const { removeNotification } = await import('./removeNotification.ts');
      await removeNotification(servicesFor(on, target), target);
    }),
    registerCommand('bucketBrigade.notifications.enable', async target => {
      const { enableNotification } = await import('./disableNotification.ts');
      await enableNotification(servicesFor(on, target), target);
    }),
    registerCommand('bucketBrigade.notifications.disable', async target => {
      const { disableNotification } = await import('./disableNotification.ts');
      await disableNotification(servicesFor(on, target), target);
    }),
    registerCommand('bucketBrigade.notifications.turnOnEventBridge', async target => {
      const { turnOnEventBridge } = await import('./eventBridge.ts');
      await turnOnEventBridge(servicesFor(on, target), target);
    }),
    registerCommand('bucketBrigade.notifications.turnOffEventBridge', async target => {
      const { turnOffEventBridge } = await import('./eventBridge.ts');
      await turnOffEventBridge(servicesFor(on, target), target);
    }),
    registerCommand('bucketBrigade.notifications.refresh', target =>
      on.tree.refreshNotifications(target?.bucket),
    ),
  );
}
