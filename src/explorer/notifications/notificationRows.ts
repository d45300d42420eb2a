import type { BucketNotification } from '../../aws/notifications/notification.ts';
import type { Session } from '../../services.ts';
import type { NotificationRow, NotificationsRow, Row } from '../rows.ts';
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
  const rows: Row[] = [
    ...enabled.map((one, index) => notificationRow(row, one, false, index)),
    ...(eventBridge
      ? [{ kind: 'eventBridge' as const, id: `${id}eventBridge`, parent: row, bucket }]
      : []),
    ...rest.map((one, index) => notificationRow(row, one, true, index)),
  ];
  return rows.length > 0 ? rows : [{ kind: 'empty', id: `${id}empty`, parent: row, bucket }];
}

function notificationRow(
  parent: NotificationsRow,
  notification: BucketNotification,
  disabled: boolean,
  index: number,
): NotificationRow {
  // Services other than AWS may leave ids out, and VS Code refuses two rows of one id.
  const name = notification.id === '' ? `#${index}` : `id|${notification.id}`;
  return {
    kind: 'notification',
    id: `${parent.id}${disabled ? 'disabled' : 'enabled'}|${name}`,
    parent,
    bucket: parent.bucket,
    notificationId: notification.id,
    notification,
    disabled,
  };
}
