import { l10n, window } from 'vscode';
import type { BucketNotification } from '../../aws/notifications/notification.ts';
import type { Session } from '../../services.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { withoutLinks } from '../../vscode/withoutLinks.ts';
import { destinationName } from './notificationText.ts';

/** Whether the bucket may invoke the function without having an entry that does, disabled or not. */
export async function hasUnusedPermission(
  session: Session,
  bucket: string,
  { destination }: BucketNotification,
  others: readonly BucketNotification[],
): Promise<boolean> {
  if (destination.kind !== 'lambda') return false;
  if (others.some(other => other.destination.arn === destination.arn)) return false;
  const { isBucketPermitted } = await import('../../aws/notifications/notificationPermission.ts');
  const title = l10n.t('Looking at {0}', destination.arn);
  return await withCancellableProgress({ title }, signal =>
    isBucketPermitted(session.clients, { bucket, functionArn: destination.arn }, { signal }),
  );
}

/** Takes back what lets the bucket invoke a function, unless an entry still needs it. */
export async function removePermissionOf(
  session: Session,
  bucket: string,
  { destination }: BucketNotification,
): Promise<void> {
  if (destination.kind !== 'lambda') return;
  const { removeUnusedPermission } = await import('../../aws/notifications/putNotifications.ts');
  const title = l10n.t('Taking back the permission to invoke {0}', destination.arn);
  await withCancellableProgress({ title }, signal =>
    removeUnusedPermission(session.clients, { bucket, functionArn: destination.arn }, { signal }),
  );
}

/** After an entry got another destination: the old one may no longer need its permission. */
export async function offerToRemovePermission(
  session: Session,
  bucket: string,
  old: BucketNotification,
  others: readonly BucketNotification[],
): Promise<void> {
  if (!(await hasUnusedPermission(session, bucket, old, others))) return;
  const remove = l10n.t('Remove Permission');
  const name = destinationName(old);
  const chosen = await window.showInformationMessage(
    withoutLinks(l10n.t('{0} may still be invoked by the bucket {1}.', name, bucket)),
    remove,
  );
  if (chosen === remove) await removePermissionOf(session, bucket, old);
}
