import { l10n, ThemeIcon, TreeItem, TreeItemCollapsibleState } from 'vscode';
import type { Connection, Session } from '../services.ts';
import { accountText } from './accountText.ts';
import { makeVisible } from './visibleText.ts';

interface Shown {
  readonly connection: Connection | undefined;
  /** Once it is open. */
  readonly session: Session | undefined;
  readonly isDefault: boolean;
}

/** How a connection looks among several: whose it is stands beside it as soon as that is known. */
export function connectionItem(
  connectionId: string,
  { connection, session, isDefault }: Shown,
): TreeItem {
  const isOpen = isDefault || session !== undefined;
  const { Collapsed, Expanded } = TreeItemCollapsibleState;
  const label = connection?.label ?? connectionId;
  const item = makeVisible(new TreeItem(label, isOpen ? Expanded : Collapsed));
  item.id = `connection|${connectionId}`;
  const where = session?.connection ?? connection;
  item.description = [
    session ? accountText(session.identity) : undefined,
    where?.region,
    isDefault ? l10n.t({ message: 'default', comment: ['A connection'] }) : undefined,
  ]
    .filter(part => part !== undefined)
    .join(' · ');
  item.tooltip = [label, session?.identity.arn, where?.endpoint].filter(Boolean).join('\n');
  item.iconPath = new ThemeIcon(isDefault ? 'plug' : 'debug-disconnect');
  item.contextValue = isDefault ? 'connection default among' : 'connection among';
  item.accessibilityInformation = {
    label: `${label}, ${l10n.t('connection')}, ${item.description}`,
  };
  return item;
}
