import { l10n, window } from 'vscode';
import type { BucketNotification } from '../../aws/notifications/notification.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import type { RemoveNotificationArguments } from '../../commands.ts';
import type { Session } from '../../services.ts';
import { cancelled } from '../../vscode/cancellation.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { neutralizeLinks } from '../../vscode/neutralizeLinks.ts';
import {
  bucketOrAsk,
  notificationsOrAsk,
  readState,
  type BucketState,
  type NotificationGroup,
  type Notifications,
} from './chooseNotification.ts';
import { summary } from './notificationSummary.ts';
import { destinationName, kindName } from './notificationText.ts';
import { removeNotifications } from './writeNotifications.ts';

/** Removes the entries of a row after a question that names them, and its function's permission if wanted. */
export async function removeNotification(
  notifications: Notifications,
  target: RemoveNotificationArguments | undefined,
): Promise<void> {
  const session = await notifications.connections.session();
  const title = l10n.t('Remove Event Notification');
  const bucket = await bucketOrAsk(notifications, session, target, title);
  const state = await readState(notifications, session, bucket);
  const among = [...state.enabled, ...state.disabled];
  const old = await notificationsOrAsk(target ?? {}, bucket, among, title);
  const withPermission =
    target?.skipConfirmation === true
      ? target.removePermission === true
      : await confirm(session, bucket, old, state);
  await removeNotifications(notifications, session, bucket, old);
  for (const { id } of old) await notifications.disabled.remove(session, bucket, id);
  notifications.tree.refreshNotifications(bucket);
  if (withPermission) await removePermissionOf(session, bucket, old[0]);
}

/**
 * @returns whether the function's permission is to be removed too.
 * @throws BrigadeError `Cancelled`
 */
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
      ? [
          l10n.t(
            'No other notification of this bucket needs its permission to invoke the function.',
          ),
        ]
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

/** Whether the bucket may invoke the function without having an entry that does, disabled or not. */
async function hasUnusedPermission(
  session: Session,
  bucket: string,
  { destination }: BucketNotification,
  others: readonly BucketNotification[],
): Promise<boolean> {
  if (destination.kind !== 'lambda') return false;
  if (others.some(other => other.destination.arn === destination.arn)) return false;
  const { isBucketPermitted } = await import('../../aws/notifications/notificationPermission.ts');
  const title = l10n.t('Checking {0}', destination.arn);
  return await withCancellableProgress({ title }, signal =>
    isBucketPermitted(session.clients, { bucket, functionArn: destination.arn }, { signal }),
  );
}

/** Takes back what lets the bucket invoke a function, unless an entry still needs it. */
async function removePermissionOf(
  session: Session,
  bucket: string,
  { destination }: BucketNotification,
): Promise<void> {
  if (destination.kind !== 'lambda') return;
  const { removeUnusedPermission } = await import('../../aws/notifications/putNotifications.ts');
  const title = l10n.t('Removing the permission to invoke {0}', destination.arn);
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
    neutralizeLinks(l10n.t('The bucket {1} still has permission to invoke {0}.', name, bucket)),
    remove,
  );
  if (chosen === remove) await removePermissionOf(session, bucket, old);
}
