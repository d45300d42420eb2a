import { l10n, window } from 'vscode';
import { recoverFrom } from '../aws/call.ts';
import type { AwsClients } from '../aws/clients.ts';
import { plainFunctionName } from '../aws/functionArn.ts';
import { runCommandFor } from './runCommand.ts';
import { neutralizeLinks } from './neutralizeLinks.ts';
import type { Session } from '../services.ts';
import { formatList } from './formats.ts';

/**
 * Says that a bucket invokes no function, or one that was deleted, and offers what helps; resolves when
 * the message is closed.
 */
export async function offerDeployment(session: Session, bucket: string): Promise<void> {
  const deploy = l10n.t('Deploy Resize Function…');
  const add = l10n.t('Add Event Notification…');
  const remove = l10n.t('Remove Event Notification…');
  const { names, notificationIds } = await deletedFunctions(session.clients, bucket);
  const isDeleted = notificationIds.length > 0;
  const text = isDeleted
    ? l10n.t('{0} was deleted, but event notifications of {1} still point to it.', names, bucket)
    : l10n.t('{0} has no notification that invokes a function.', bucket);
  const offers = isDeleted ? [remove, deploy] : [deploy, add];
  const show = isDeleted ? window.showWarningMessage : window.showInformationMessage;
  const chosen = await show(neutralizeLinks(text), ...offers);
  const target = { bucket, notificationIds };
  if (chosen === deploy) await runCommandFor(session, 'bucketBrigade.resize.deploy', { bucket });
  if (chosen === add) await runCommandFor(session, 'bucketBrigade.notifications.add', { bucket });
  if (chosen === remove) await runCommandFor(session, 'bucketBrigade.notifications.remove', target);
}

async function deletedFunctions(clients: AwsClients, bucket: string) {
  const [{ readBucketNotifications }, { findDeletedFunctions }] = await Promise.all([
    import('../aws/notifications/bucketNotifications.ts'),
    import('../aws/notifications/bucketFunctions.ts'),
  ]);
  const { notifications } = await recoverFrom(['AccessDenied'], { notifications: [] }, () =>
    readBucketNotifications(clients, bucket),
  );
  const arns = await findDeletedFunctions(clients, notifications);
  const dead = notifications.filter(({ destination }) => arns.has(destination.arn));
  return {
    names: formatList([...arns].map(plainFunctionName)),
    notificationIds: dead.map(({ id }) => id),
  };
}
