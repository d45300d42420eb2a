import { l10n, ThemeIcon, TreeItem, TreeItemCollapsibleState } from 'vscode';
import type { DestinationKind } from '../../aws/notifications/notification.ts';
import { visible } from '../../vscode/visibleText.ts';
import type { NotificationRow } from '../rows.ts';
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

export function notificationItem({ notification, disabled }: NotificationRow): TreeItem {
  const { kind } = notification.destination;
  const name = destinationName(notification);
  const text = summary(notification);
  const item = new TreeItem(name, None);
  item.description = disabled ? l10n.t('disabled · {0}', text) : text;
  item.iconPath = new ThemeIcon(disabled ? 'circle-slash' : ICONS[kind]);
  // Without an id an entry cannot be told from the others, so it cannot be changed.
  const flags = ['notification', disabled ? 'disabled' : 'enabled', kind];
  item.contextValue = notification.id === '' ? 'unnamed' : flags.join(' ');
  item.accessibilityInformation = { label: `${kindName(kind)} ${name}, ${item.description}` };
  return item;
}

export function eventBridgeItem(): TreeItem {
  const item = new TreeItem(l10n.t('Amazon EventBridge'), None);
  item.description = l10n.t('all events of all objects');
  item.iconPath = new ThemeIcon('broadcast');
  item.contextValue = 'eventBridge';
  return item;
}

/** What the tooltip of an entry says, by name. */
export function notificationFacts({ notification, disabled }: NotificationRow): [string, string][] {
  const { id, destination, events, prefix, suffix } = notification;
  return [
    [l10n.t('Events'), eventNames(events)],
    ...(prefix === '' ? [] : [[l10n.t('Prefix'), visible(prefix)] as [string, string]]),
    ...(suffix === '' ? [] : [[l10n.t('Suffix'), visible(suffix)] as [string, string]]),
    [l10n.t('Destination'), destination.arn],
    [l10n.t('ID'), id],
    ...(disabled
      ? [
          [l10n.t('State'), l10n.t('disabled: taken out of the bucket, remembered here')] as [
            string,
            string,
          ],
        ]
      : []),
  ];
}
