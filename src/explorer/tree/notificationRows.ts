import { ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState, l10n } from 'vscode';
import type { BucketNotification, DestinationKind } from '../../aws/notifications/notification.ts';
import type { Session } from '../../services.ts';
import { visible } from '../../vscode/visibleText.ts';
import type { NotificationRow, NotificationsRow, Row } from './rows.ts';
import type { NotificationGroup } from '../notifications/chooseNotification.ts';
import type { DisabledNotifications } from '../notifications/disabledNotifications.ts';
import { formatFilters, groupNotifications } from '../notifications/draft.ts';
import { destinationName, kindName } from '../notifications/notificationText.ts';

/** What a bucket notifies, as rows: its entries, EventBridge, and those that are disabled. */
export async function readNotificationRows(
  session: Session,
  row: NotificationsRow,
  disabled: DisabledNotifications,
  signal: AbortSignal,
): Promise<Row[]> {
  const { readBucketNotifications } =
    await import('../../aws/notifications/bucketNotifications.ts');
  const { summary, eventFacts } = await import('../notifications/notificationSummary.ts');
  const { bucket, id } = row;
  const below = { parent: row, session: row.session, bucket };
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
      const texts = { summary: summary(...group), events: eventFacts(group[0].events) };
      return notificationRow(row, group, { disabled, isDead, index, texts });
    });
  const rows: Row[] = [
    ...rowsOf(enabled, false),
    ...(eventBridge ? [{ kind: 'eventBridge' as const, id: `${id}eventBridge`, ...below }] : []),
    ...rowsOf(rest, true),
  ];
  return rows.length > 0 ? rows : [{ kind: 'empty', id: `${id}empty`, ...below }];
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
  { index, ...facts }: Pick<NotificationRow, 'disabled' | 'isDead' | 'texts'> & { index: number },
): NotificationRow {
  // Services other than AWS may leave ids out, and VS Code refuses two rows of one id.
  const [{ id }] = notifications;
  const name = id === '' ? `#${index}` : `id|${id}`;
  return {
    kind: 'notification',
    id: `${parent.id}${facts.disabled ? 'disabled' : 'enabled'}|${name}`,
    parent,
    session: parent.session,
    bucket: parent.bucket,
    notificationIds: notifications.map(each => each.id),
    notifications,
    ...facts,
  };
}

const { Collapsed, None } = TreeItemCollapsibleState;

const ICONS: Readonly<Record<DestinationKind, string>> = {
  lambda: 'symbol-function',
  queue: 'inbox',
  topic: 'megaphone',
};

export function notificationsItem(): TreeItem {
  const item = new TreeItem(l10n.t('Event Notifications'), Collapsed);
  item.iconPath = new ThemeIcon('bell');
  item.contextValue = 'notifications';
  return item;
}

export function notificationItem({
  notifications,
  disabled,
  isDead,
  texts,
}: NotificationRow): TreeItem {
  const [notification] = notifications;
  const { kind } = notification.destination;
  const name = destinationName(notification);
  const item = new TreeItem(name, None);
  item.description = stateText(texts.summary, { disabled, isDead });
  item.iconPath = iconOf(kind, { disabled, isDead });
  // Without an id an entry cannot be told from the others, so it cannot be changed.
  const flags = ['notification', disabled ? 'disabled' : 'enabled', kind];
  item.contextValue = notification.id === '' ? 'unnamed' : flags.join(' ');
  item.accessibilityInformation = { label: `${kindName(kind)} ${name}, ${item.description}` };
  return item;
}

type State = Pick<NotificationRow, 'disabled' | 'isDead'>;

function stateText(text: string, { disabled, isDead }: State): string {
  if (isDead) return l10n.t('function deleted · {0}', text);
  return disabled ? l10n.t('disabled · {0}', text) : text;
}

function iconOf(kind: DestinationKind, { disabled, isDead }: State): ThemeIcon {
  if (isDead) return new ThemeIcon('warning', new ThemeColor('list.warningForeground'));
  return new ThemeIcon(disabled ? 'circle-slash' : ICONS[kind]);
}

export function eventBridgeItem(): TreeItem {
  const item = new TreeItem(l10n.t('Amazon EventBridge'), None);
  item.description = l10n.t('all events of all objects');
  item.iconPath = new ThemeIcon('broadcast');
  item.contextValue = 'eventBridge';
  return item;
}

/** What the tooltip of an entry says, by name. */
export function notificationFacts({
  notifications,
  disabled,
  isDead,
  texts,
}: NotificationRow): [string, string][] {
  const { destination } = notifications[0];
  const keys = visible(formatFilters(notifications));
  const state = isDead
    ? l10n.t('The function was deleted: remove this notification, or edit its destination')
    : disabled
      ? l10n.t('Disabled: removed from the bucket and remembered in this VS Code')
      : '';
  const facts: [string, string][] = [
    [l10n.t('Events'), texts.events],
    [l10n.t('Keys'), keys],
    [l10n.t('Destination'), destination.arn],
    [l10n.t('ID'), notifications.map(({ id }) => id).join(', ')],
    [l10n.t('State'), state],
  ];
  return facts.filter(([, value]) => value !== '');
}
