import { l10n, ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState } from 'vscode';
import type { DestinationKind } from '../../aws/notifications/notification.ts';
import { visible } from '../../vscode/visibleText.ts';
import type { NotificationRow } from '../rows.ts';
import { formatFilters } from './keyFilters.ts';
import { destinationName, eventNames, kindName, summary } from './notificationText.ts';

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

export function notificationItem({ notifications, disabled, isDead }: NotificationRow): TreeItem {
  const [notification] = notifications;
  const { kind } = notification.destination;
  const name = destinationName(notification);
  const text = summary(...notifications);
  const item = new TreeItem(name, None);
  item.description = stateText(text, { disabled, isDead });
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
}: NotificationRow): [string, string][] {
  const { destination, events } = notifications[0];
  const keys = visible(formatFilters(notifications));
  const state = isDead
    ? l10n.t('The function was deleted: remove this notification, or edit its destination')
    : disabled
      ? l10n.t('Disabled: removed from the bucket and remembered in this VS Code')
      : '';
  const facts: [string, string][] = [
    [l10n.t('Events'), eventNames(events)],
    [l10n.t('Keys'), keys],
    [l10n.t('Destination'), destination.arn],
    [l10n.t('ID'), notifications.map(({ id }) => id).join(', ')],
    [l10n.t('State'), state],
  ];
  return facts.filter(([, value]) => value !== '');
}
