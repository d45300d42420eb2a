import { l10n } from 'vscode';
import { toBrigadeError } from '../../aws/errors.ts';
import type { NotificationTarget } from '../../commands.ts';
import {
  bucketOrAsk,
  notificationOrAsk,
  readState,
  type Notifications,
} from './chooseNotification.ts';
import { put, takeOut } from './writeNotifications.ts';

/** Takes an entry out of the bucket's configuration and remembers it. */
export async function disableNotification(
  notifications: Notifications,
  target: NotificationTarget | undefined,
): Promise<void> {
  const session = await notifications.explorer.connections.session();
  const title = l10n.t('Disable Event Notification');
  const bucket = await bucketOrAsk(notifications, session, target, title);
  const { enabled } = await readState(notifications, session, bucket);
  const old = await notificationOrAsk(target ?? {}, bucket, enabled, title);
  // Before it is taken out: whatever happens then, it is not lost.
  await notifications.disabled.add(session, bucket, old);
  try {
    await takeOut(notifications, session, bucket, old);
  } catch (error) {
    // Refused: it is still there. Cut off: it may be gone, so it is better remembered.
    const isUnsure = /^(Cancelled|Network|Unknown)$/.test(toBrigadeError(error).code);
    if (!isUnsure) await notifications.disabled.remove(session, bucket, old.id);
    throw error;
  }
}

/** Puts an entry back into the bucket's configuration, with the permission it needs. */
export async function enableNotification(
  notifications: Notifications,
  target: NotificationTarget | undefined,
): Promise<void> {
  const session = await notifications.explorer.connections.session();
  const title = l10n.t('Enable Event Notification');
  const bucket = await bucketOrAsk(notifications, session, target, title);
  const { disabled } = await readState(notifications, session, bucket);
  const old = await notificationOrAsk(target ?? {}, bucket, disabled, title);
  await put(notifications, session, { bucket, notifications: [old], as: 'add' });
  await notifications.disabled.remove(session, bucket, old.id);
  notifications.explorer.tree.refreshNotifications(bucket);
}
