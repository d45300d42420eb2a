import type { BucketNotification } from '../../aws/notifications/notification.ts';
import type { Session } from '../../services.ts';
import { groupNotifications } from './draft.ts';
import type { NotificationRow, NotificationsRow, Row } from '../rows.ts';
import type { NotificationGroup } from './chooseNotification.ts';
import type { DisabledNotifications } from './disabledNotifications.ts';

/** What a bucket notifies, as rows: its entries, EventBridge, and those that are disabled. */
export async function readNotificationRows(
  session: Session,
  row: NotificationsRow,
  disabled: DisabledNotifications,
  signal: AbortSignal,
): Promise<Row[]> {
  const { readBucketNotifications } =
    await import('../../aws/notifications/bucketNotifications.ts');
  const { bucket, id } = row;
  const read = await readBucketNotifications(session.clients, bucket, { signal });
  const { notifications: enabled, eventBridge } = read;
  // Someone may have put one back by other means; then it is not disabled any more.
  const rest = disabled
    .list(session, bucket)
    .filter(one => !enabled.some(other => other.id === one.id));
  const dead = await deletedFunctions(session, enabled, signal);
  const rowsOf = (entries: readonly BucketNotification[], disabled: boolean) =>
    groupNotifications(entries).map((group, index) => {
      const isDead = dead.has(group[0].destination.arn);
      return notificationRow(row, group, { disabled, isDead, index });
    });
  const rows: Row[] = [
    ...rowsOf(enabled, false),
    ...(eventBridge
      ? [{ kind: 'eventBridge' as const, id: `${id}eventBridge`, parent: row, bucket }]
      : []),
    ...rowsOf(rest, true),
  ];
  return rows.length > 0 ? rows : [{ kind: 'empty', id: `${id}empty`, parent: row, bucket }];
}

async function deletedFunctions(
  { clients }: Session,
  notifications: readonly BucketNotification[],
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const { findDeletedFunctions } = await import('../../aws/notifications/bucketFunctions.ts');
  return await findDeletedFunctions(clients, notifications, { signal });
}

function notificationRow(
  parent: NotificationsRow,
  notifications: NotificationGroup,
  { disabled, isDead, index }: { disabled: boolean; isDead: boolean; index: number },
): NotificationRow {
  // Services other than AWS may leave ids out, and VS Code refuses two rows of one id.
  const [{ id }] = notifications;
  const name = id === '' ? `#${index}` : `id|${id}`;
  return {
    kind: 'notification',
    id: `${parent.id}${disabled ? 'disabled' : 'enabled'}|${name}`,
    parent,
    bucket: parent.bucket,
    notificationIds: notifications.map(each => each.id),
    notifications,
    disabled,
    isDead,
  };
}
