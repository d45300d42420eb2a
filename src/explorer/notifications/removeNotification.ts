import { l10n, window } from 'vscode';
import type { BucketNotification } from '../../aws/notifications/notification.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import type { RemoveNotificationArguments } from '../../commands.ts';
import type { Session } from '../../services.ts';
import { cancelled } from '../../vscode/cancellation.ts';
import {
  bucketOrAsk,
  notificationOrAsk,
  readState,
  type BucketState,
  type Notifications,
} from './chooseNotification.ts';
import { destinationName, kindName, summary } from './notificationText.ts';
import { hasUnusedPermission, removePermissionOf } from './removePermission.ts';
import { takeOut } from './writeNotifications.ts';

/** Removes an entry after a question that names it, and its function's permission if wanted. */
export async function removeNotification(
  notifications: Notifications,
  target: RemoveNotificationArguments | undefined,
): Promise<void> {
  const session = await notifications.explorer.connections.session();
  const title = l10n.t('Remove Event Notification');
  const bucket = await bucketOrAsk(notifications, session, target, title);
  const state = await readState(notifications, session, bucket);
  const among = [...state.enabled, ...state.disabled];
  const old = await notificationOrAsk(target ?? {}, bucket, among, title);
  const withPermission =
    target?.skipConfirmation === true
      ? target.removePermission === true
      : await confirm(session, bucket, old, state);
  await takeOut(notifications, session, bucket, old);
  await notifications.disabled.remove(session, bucket, old.id);
  notifications.explorer.tree.refreshNotifications(bucket);
  if (withPermission) await removePermissionOf(session, bucket, old);
}

/** @returns whether the function's permission shall go too. @throws BrigadeError `Cancelled` */
async function confirm(
  session: Session,
  bucket: string,
  old: BucketNotification,
  state: BucketState,
): Promise<boolean> {
  const others = [...state.enabled, ...state.disabled].filter(({ id }) => id !== old.id);
  const canGo = await hasUnusedPermission(session, bucket, old, others);
  const remove = l10n.t('Remove');
  const removeBoth = l10n.t('Remove with Permission');
  const { kind, arn } = old.destination;
  const lines = [
    formatS3Uri({ bucket }),
    summary(old),
    arn,
    ...(canGo
      ? [l10n.t('Nothing else needs the permission of this bucket to invoke the function.')]
      : []),
  ];
  const chosen = await window.showWarningMessage(
    l10n.t('Remove the event notification to the {0} {1}?', kindName(kind), destinationName(old)),
    { modal: true, detail: lines.join('\n') },
    ...(canGo ? [removeBoth, remove] : [remove]),
  );
  if (chosen === undefined) throw cancelled();
  return chosen === removeBoth;
}
