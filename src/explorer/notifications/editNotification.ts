import { l10n } from 'vscode';
import type { BucketNotification } from '../../aws/notifications/notification.ts';
import type { EditNotificationArguments } from '../../commands.ts';
import { askNotification } from './askNotification.ts';
import {
  bucketOrAsk,
  notificationOrAsk,
  readState,
  type Notifications,
} from './chooseNotification.ts';
import { notificationsOf, QUESTIONS, type Draft } from './draft.ts';
import { warnOfLoop } from './loopWarning.ts';
import { offerToRemovePermission } from './removePermission.ts';
import { checked, destinationOf, put } from './writeNotifications.ts';

/** Asks what shall be different and changes the entry; a disabled one is only remembered anew. */
export async function editNotification(
  notifications: Notifications,
  target: EditNotificationArguments | undefined,
): Promise<void> {
  const session = await notifications.explorer.connections.session();
  const title = l10n.t('Edit Event Notification');
  const bucket = await bucketOrAsk(notifications, session, target, title);
  const { enabled, disabled } = await readState(notifications, session, bucket);
  const old = await notificationOrAsk(target ?? {}, bucket, [...enabled, ...disabled], title);
  const others = enabled.filter(({ id }) => id !== old.id);
  const { draft, left } = editedDraft(target, old);
  await askNotification({ session, bucket, title, draft, left, others, single: true });
  const complete = checked(bucket, draft, others);
  if (target?.skipConfirmation !== true) await warnOfLoop(session, bucket, complete);
  const edited = notificationsOf(complete, () => old.id);
  if (disabled.includes(old)) {
    for (const one of edited) await notifications.disabled.add(session, bucket, one);
    notifications.explorer.tree.refreshNotifications(bucket);
    return;
  }
  await put(notifications, session, { bucket, notifications: edited, as: 'change' });
  const isSilent = target?.skipConfirmation === true;
  if (!isSilent && old.destination.arn !== complete.destination.arn) {
    await offerToRemovePermission(session, bucket, old, [...others, ...disabled]);
  }
}

/** The old answers with the given ones in their places; what is not given is asked. */
function editedDraft(target: EditNotificationArguments | undefined, old: BucketNotification) {
  const { events, prefix, suffix, destinationArn, skipConfirmation } = target ?? {};
  const given: Draft = {
    ...(events && { events }),
    ...(prefix !== undefined && { prefix }),
    ...(suffix !== undefined && { suffixes: suffix === '' ? [] : [suffix] }),
    ...(destinationArn !== undefined && { destination: destinationOf(destinationArn) }),
  };
  const draft: Draft = {
    events: old.events,
    prefix: old.prefix,
    suffixes: old.suffix === '' ? [] : [old.suffix],
    destination: old.destination,
    ...given,
  };
  const left = QUESTIONS.filter(question => given[question] === undefined);
  return { draft, left: skipConfirmation === true ? [] : left };
}
