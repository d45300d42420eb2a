import { Disposable, l10n, window } from 'vscode';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import type { NotificationTarget, S3Location } from '../../commands.ts';
import { cancelled } from '../../vscode/cancellation.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { registerCommand } from '../../vscode/registerCommand.ts';
import type { Explorer } from '../explorer.ts';
import { addNotification } from './addNotification.ts';
import {
  bucketOrAsk,
  notificationOrAsk,
  readState,
  type Notifications,
} from './chooseNotification.ts';
import type { DisabledNotifications } from './disabledNotifications.ts';
import { editNotification } from './editNotification.ts';
import { disableNotification, removeNotification } from './removeNotification.ts';
import { put } from './writeNotifications.ts';

/** Seeing and changing what a bucket notifies. */
export function registerNotificationCommands(
  explorer: Explorer,
  disabled: DisabledNotifications,
): Disposable {
  const on: Notifications = { explorer, disabled };
  return Disposable.from(
    registerCommand('bucketBrigade.notifications.add', target => addNotification(on, target)),
    registerCommand('bucketBrigade.notifications.edit', target => editNotification(on, target)),
    registerCommand('bucketBrigade.notifications.remove', target => removeNotification(on, target)),
    registerCommand('bucketBrigade.notifications.enable', target => enable(on, target)),
    registerCommand('bucketBrigade.notifications.disable', target =>
      disableNotification(on, target),
    ),
    registerCommand('bucketBrigade.notifications.turnOnEventBridge', target =>
      turnOnEventBridge(on, target),
    ),
    registerCommand('bucketBrigade.notifications.turnOffEventBridge', target =>
      turnOffEventBridge(on, target),
    ),
    registerCommand('bucketBrigade.notifications.refresh', target =>
      explorer.tree.refreshNotifications(target?.bucket),
    ),
  );
}

/** Puts an entry back into the bucket's configuration, with the permission it needs. */
async function enable(on: Notifications, target: NotificationTarget | undefined): Promise<void> {
  const session = await on.explorer.connections.session();
  const title = l10n.t('Enable Event Notification');
  const bucket = await bucketOrAsk(on, session, target, title);
  const { disabled } = await readState(on, session, bucket);
  const notification = await notificationOrAsk(target ?? {}, bucket, disabled, title);
  await put(on, session, { bucket, notifications: [notification], as: 'add' });
  await on.disabled.remove(session, bucket, notification.id);
  on.explorer.tree.refreshNotifications(bucket);
}

async function turnOnEventBridge(on: Notifications, target: S3Location | undefined): Promise<void> {
  const bucket = await bucketFor(on, target, l10n.t('Send Events to EventBridge'));
  await setEventBridge(on, bucket, true);
}

async function turnOffEventBridge(
  on: Notifications,
  target: (S3Location & { skipConfirmation?: boolean }) | undefined,
): Promise<void> {
  const bucket = await bucketFor(on, target, l10n.t('Stop Sending Events to EventBridge'));
  if (target?.skipConfirmation !== true) {
    const stop = l10n.t('Stop');
    const chosen = await window.showWarningMessage(
      l10n.t('Stop sending the events of {0} to EventBridge?', bucket),
      {
        modal: true,
        detail: l10n.t(
          'Rules of Amazon EventBridge are no longer told about {0}.',
          formatS3Uri({ bucket }),
        ),
      },
      stop,
    );
    if (chosen !== stop) throw cancelled();
  }
  await setEventBridge(on, bucket, false);
}

async function bucketFor(on: Notifications, target: S3Location | undefined, title: string) {
  return await bucketOrAsk(on, await on.explorer.connections.session(), target, title);
}

async function setEventBridge({ explorer }: Notifications, bucket: string, isOn: boolean) {
  const session = await explorer.connections.session();
  const title = l10n.t('Changing the event notifications of {0}', bucket);
  try {
    await withCancellableProgress({ title }, async signal => {
      const [{ changeNotifications }, { withEventBridge }] = await Promise.all([
        import('../../aws/notifications.ts'),
        import('../../aws/notificationConfiguration.ts'),
      ]);
      const client = await session.clients.s3ForBucket(bucket, signal);
      const change = (current: Parameters<typeof withEventBridge>[0]) =>
        withEventBridge(current, isOn);
      await changeNotifications(client, { bucket, change }, { signal });
    });
  } finally {
    explorer.tree.refreshNotifications(bucket);
  }
}
