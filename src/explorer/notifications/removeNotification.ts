import { l10n, window } from 'vscode';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import type { RemoveNotificationArguments } from '../../commands.ts';
import type { Session } from '../../services.ts';
import { cancelled } from '../../vscode/cancellation.ts';
import {
  bucketOrAsk,
  notificationsOrAsk,
  readState,
  type BucketState,
  type NotificationGroup,
  type Notifications,
} from './chooseNotification.ts';
import { destinationName, kindName, summary } from './notificationText.ts';
import { hasUnusedPermission, removePermissionOf } from './removePermission.ts';
import { takeOut } from './writeNotifications.ts';

/** Removes the entries of a row after a question that names them, and its function's permission if wanted. */
export async function removeNotification(
  notifications: Notifications,
  target: RemoveNotificationArguments | undefined,
): Promise<void> {
  const session = await notifications.explorer.connections.session();
  const title = l10n.t('Remove Event Notification');
  const bucket = await bucketOrAsk(notifications, session, target, title);
  const state = await readState(notifications, session, bucket);
  const among = [...state.enabled, ...state.disabled];
  const old = await notificationsOrAsk(target ?? {}, bucket, among, title);
  const withPermission =
    target?.skipConfirmation === true
      ? target.removePermission === true
      : await confirm(session, bucket, old, state);
  await takeOut(notifications, session, bucket, old);
  for (const { id } of old) await notifications.disabled.remove(session, bucket, id);
  notifications.explorer.tree.refreshNotifications(bucket);
  if (withPermission) await removePermissionOf(session, bucket, old[0]);
}

/** @returns whether the function's permission shall go too. @throws BrigadeError `Cancelled` */
async function confirm(
  session: Session,
  bucket: string,
  old: NotificationGroup,
  state: BucketState,
): Promise<boolean> {
  const ids = old.map(({ id }) => id);
  const others = [...state.enabled, ...state.disabled].filter(({ id }) => !ids.includes(id));
  const [first] = old;
  const canGo = await hasUnusedPermission(session, bucket, first, others);
  const remove = l10n.t('Remove');
  const removeBoth = l10n.t('Remove with Permission');
  const { kind, arn } = first.destination;
  const lines = [
    formatS3Uri({ bucket }),
    summary(...old),
    arn,
    ...(canGo
      ? [l10n.t('Nothing else needs the permission of this bucket to invoke the function.')]
      : []),
  ];
  const chosen = await window.showWarningMessage(
    old.length === 1
      ? l10n.t(
          'Remove the event notification to the {0} {1}?',
          kindName(kind),
          destinationName(first),
        )
      : l10n.t(
          'Remove {0} event notifications to the {1} {2}?',
          old.length,
          kindName(kind),
          destinationName(first),
        ),
    { modal: true, detail: lines.join('\n') },
    ...(canGo ? [removeBoth, remove] : [remove]),
  );
  if (chosen === undefined) throw cancelled();
  return chosen === removeBoth;
}
