import { l10n } from 'vscode';
import { entryId, isOurs } from '../../aws/resizeDeployment/notificationEntries.ts';
import type { EditNotificationArguments } from '../../commands.ts';
import { newId } from './addNotification.ts';
import { askNotification } from './askNotification.ts';
import {
  bucketOrAsk,
  notificationsOrAsk,
  readState,
  type NotificationGroup,
  type Notifications,
} from './chooseNotification.ts';
import { notificationsOf, QUESTIONS, type Draft, type KeyFilter } from './draft.ts';
import { warnOfLoop } from './problems.ts';
import { offerToRemovePermission } from './removeNotification.ts';
import { checked, destinationOf, put } from './writeNotifications.ts';

/** Asks what to change and changes the entries of a row; disabled ones are only remembered. */
export async function editNotification(
  notifications: Notifications,
  target: EditNotificationArguments | undefined,
): Promise<void> {
  const session = await notifications.connections.session();
  const title = l10n.t('Edit Event Notification');
  const bucket = await bucketOrAsk(notifications, session, target, title);
  const { enabled, disabled } = await readState(notifications, session, bucket);
  const group = await notificationsOrAsk(target ?? {}, bucket, [...enabled, ...disabled], title);
  const [old] = group;
  const ids = group.map(({ id }) => id);
  const others = enabled.filter(({ id }) => !ids.includes(id));
  const silent = target?.skipConfirmation === true;
  const { draft, left } = editedDraft(target, group);
  await askNotification({ session, bucket, title, draft, left, others });
  const complete = checked(bucket, draft, others);
  if (!silent) await warnOfLoop(session, bucket, complete);
  // A deployment knows its entries by their ids.
  const idOf = ({ suffix }: KeyFilter) => (isOurs(old) ? entryId(suffix) : newId(complete));
  const edited = notificationsOf(complete, idOf, group);
  if (disabled.includes(old)) {
    await notifications.disabled.replace(session, bucket, ids, edited);
    notifications.tree.refreshNotifications(bucket);
    return;
  }
  const input = { bucket, notifications: edited, replaces: ids };
  await put(notifications, session, input, { others, silent });
  if (!silent && old.destination.arn !== complete.destination.arn) {
    await offerToRemovePermission(session, bucket, old, [...others, ...disabled]);
  }
}

/** The old answers with the given ones in their places; what is not given is asked. */
function editedDraft(
  target: EditNotificationArguments | undefined,
  [old, ...more]: NotificationGroup,
) {
  const { events, prefix, suffix, destinationArn, skipConfirmation } = target ?? {};
  const filters = [old, ...more].map(each => ({
    prefix: prefix ?? each.prefix,
    suffix: suffix ?? each.suffix,
  }));
  const given: Draft = {
    ...(events && { events }),
    ...((prefix !== undefined || suffix !== undefined) && { filters }),
    ...(destinationArn !== undefined && { destination: destinationOf(destinationArn) }),
  };
  const draft: Draft = {
    events: old.events,
    filters,
    destination: old.destination,
    ...given,
  };
  const left = QUESTIONS.filter(question => given[question] === undefined);
  return { draft, left: skipConfirmation === true ? [] : left };
}
