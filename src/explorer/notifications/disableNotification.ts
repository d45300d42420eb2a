import { l10n, window } from 'vscode';
import { toBrigadeError } from '../../aws/toBrigadeError.ts';
import type { NotificationTarget } from '../../commands.ts';
import type { Session } from '../../services.ts';
import { cancelled } from '../../vscode/cancellation.ts';
import {
  bucketOrAsk,
  notificationsOrAsk,
  readState,
  type NotificationGroup,
  type Notifications,
} from './chooseNotification.ts';
import { summary } from './notificationSummary.ts';
import { destinationName } from './notificationText.ts';
import { put, removeNotifications } from './writeNotifications.ts';

/** Takes entries out of the bucket's configuration and remembers them, after saying that it does so. */
export async function disableNotification(
  notifications: Notifications,
  target: (NotificationTarget & { skipConfirmation?: boolean }) | undefined,
): Promise<void> {
  const session = await notifications.connections.session();
  const title = l10n.t('Disable Event Notification');
  const bucket = await bucketOrAsk(notifications, session, target, title);
  const { enabled } = await readState(notifications, session, bucket);
  const old = await notificationsOrAsk(target ?? {}, bucket, enabled, title);
  if (target?.skipConfirmation !== true) await confirm(bucket, old);
  // Before they are taken out: whatever happens then, they are not lost.
  for (const each of old) await notifications.disabled.add(session, bucket, each);
  try {
    await removeNotifications(notifications, session, bucket, old);
  } catch (error) {
    // Refused: they are still there. Cut off: they may be gone, so they are better remembered.
    const isUnsure = /^(Cancelled|Network|Unknown)$/.test(toBrigadeError(error).code);
    if (!isUnsure) await forget(notifications, session, bucket, old);
    throw error;
  }
}

/** S3 has no disabled notifications: who else works with the bucket sees that it is gone. */
async function confirm(bucket: string, group: NotificationGroup): Promise<void> {
  const disable = l10n.t('Disable');
  const chosen = await window.showWarningMessage(
    l10n.t('Disable the event notification of {0} to {1}?', bucket, destinationName(group[0])),
    {
      modal: true,
      detail: [
        summary(...group),
        l10n.t(
          'S3 can’t disable a notification, so it is removed from the bucket and kept in this VS Code only, until you enable it again here. Others see it as removed.',
        ),
      ].join('\n'),
    },
    disable,
  );
  if (chosen !== disable) throw cancelled();
}

async function forget(
  { disabled }: Notifications,
  session: Session,
  bucket: string,
  group: NotificationGroup,
): Promise<void> {
  for (const { id } of group) await disabled.remove(session, bucket, id);
}

/** Puts entries back into the bucket's configuration, with the permission they need. */
export async function enableNotification(
  notifications: Notifications,
  target: (NotificationTarget & { skipConfirmation?: boolean }) | undefined,
): Promise<void> {
  const session = await notifications.connections.session();
  const title = l10n.t('Enable Event Notification');
  const bucket = await bucketOrAsk(notifications, session, target, title);
  const { enabled, disabled } = await readState(notifications, session, bucket);
  const old = await notificationsOrAsk(target ?? {}, bucket, disabled, title);
  const input = { bucket, notifications: old, replaces: [] };
  const silent = target?.skipConfirmation === true;
  await put(notifications, session, input, { others: enabled, silent });
  await forget(notifications, session, bucket, old);
  notifications.tree.refreshNotifications(bucket);
}
