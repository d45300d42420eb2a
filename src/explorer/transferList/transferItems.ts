import { l10n, MarkdownString, ThemeColor, ThemeIcon, TreeItem } from 'vscode';
import { TreeItemCollapsibleState as Collapsible } from 'vscode';
import { describeError } from '../../vscode/describeError.ts';
import { formatCount, formatDate } from '../../vscode/formats.ts';
import { makeVisible, visible } from '../../vscode/visibleText.ts';
import { uploadedObject } from './revealTarget.ts';
import type { FailureRow, MoreFailuresRow } from './rows.ts';
import type { Transfer } from './transfer.ts';
import { failedCount, transferDescription, transferLabel, transferTitle } from './transferText.ts';

/** The row of a transfer. */
export function transferItem(transfer: Transfer): TreeItem {
  const label = transferLabel(transfer);
  const hasChildren = failedCount(transfer) > 0 || transfer.end?.stoppedBy !== undefined;
  const item = new TreeItem(label, hasChildren ? Collapsible.Collapsed : Collapsible.None);
  item.id = transfer.id;
  item.description = transferDescription(transfer);
  item.iconPath = iconOf(transfer);
  item.contextValue = contextFlags(transfer);
  item.tooltip = tooltip(transfer);
  const state = stateLabel(transfer);
  item.accessibilityInformation = { label: `${label}, ${state}, ${item.description}` };
  return makeVisible(item);
}

/** What did not come through, and why. */
export function failureItem(transfer: Transfer, row: FailureRow): TreeItem {
  const failure = row.index === undefined ? undefined : transfer.end?.failed?.[row.index];
  const reason = describeError(failure ? failure.error : transfer.end?.stoppedBy);
  const label = failure ? visible(failure.name) : reason;
  const item = new TreeItem(label);
  item.id = `${transfer.id}/${row.index ?? 'stopped'}`;
  item.description = failure && reason;
  item.iconPath = new ThemeIcon('error', new ThemeColor('list.errorForeground'));
  item.tooltip = failure ? `${label}\n${reason}` : reason;
  item.contextValue = 'transferFailure';
  item.accessibilityInformation = {
    label: failure ? l10n.t('Failed: {0}. {1}', label, reason) : reason,
  };
  return makeVisible(item);
}

export function moreFailuresItem({ transferId, count }: MoreFailuresRow): TreeItem {
  const item = new TreeItem(l10n.t('{0} more', formatCount(count)));
  item.id = `${transferId}/more`;
  return item;
}

function iconOf({ state }: Transfer): ThemeIcon {
  switch (state) {
    case 'running':
      return new ThemeIcon('sync~spin');
    case 'paused':
      return new ThemeIcon('debug-pause');
    case 'done':
      return new ThemeIcon('pass', new ThemeColor('testing.iconPassed'));
    case 'failed':
      return new ThemeIcon('error', new ThemeColor('list.errorForeground'));
    case 'cancelled':
      return new ThemeIcon('circle-slash');
  }
}

/** The icon in words. */
function stateLabel({ state }: Transfer): string {
  switch (state) {
    case 'running':
      return l10n.t('running');
    case 'paused':
      return l10n.t('paused');
    case 'done':
      return l10n.t('done');
    case 'failed':
      return l10n.t('failed');
    case 'cancelled':
      return l10n.t('cancelled');
  }
}

/** Flags that the menus in package.json ask for. */
function contextFlags(transfer: Transfer): string {
  const { state, start, end } = transfer;
  return [
    'transfer',
    transfer.isOver ? 'over' : 'active',
    ...(transfer.canPause ? [state === 'paused' ? 'resumable' : 'pausable'] : []),
    ...(end?.retry ? ['retryable'] : []),
    ...(start.target ? ['target'] : []),
    ...(uploadedObject(transfer) ? ['uploaded'] : []),
  ].join(' ');
}

function tooltip(transfer: Transfer): MarkdownString {
  const { from, to, owner } = transfer.start;
  const text = new MarkdownString();
  const line = (said: string): void => {
    text.appendText(visible(said)).appendMarkdown('\n\n');
  };
  line(transferTitle(transfer));
  line(transferDescription(transfer));
  if (from !== undefined && from !== '') line(l10n.t('From: {0}', from));
  if (to !== undefined && to !== '') line(l10n.t('To: {0}', to));
  line(l10n.t('Connection: {0}', owner.name));
  line(l10n.t('Started: {0}', formatDate(new Date(transfer.startedAt))));
  if (transfer.endedAt) line(l10n.t('Ended: {0}', formatDate(new Date(transfer.endedAt))));
  return text;
}
