import { l10n } from 'vscode';
import type { ArchiveState } from '../../aws/objects/archive.ts';
import { formatDate } from '../../vscode/formats.ts';

/** What `x-amz-restore` says of an object that is or was archived. */
export function restoreText(state: ArchiveState, restore = ''): string {
  if (state === 'beingRestored') return l10n.t('Archived; being restored');
  if (state === 'archived') return l10n.t('Archived: restore it before you read it');
  const until = dateIn(restore);
  return until === undefined
    ? l10n.t('Not archived')
    : l10n.t('Restored until {0}', formatDate(until));
}

/** What `x-amz-expiration` says: when a lifecycle rule deletes the object, and which. */
export function expiryText(expiration: string | undefined): string {
  if (expiration === undefined) return l10n.t('No rule applies');
  const date = dateIn(expiration);
  const [, rule = ''] = /rule-id="([^"]*)"/.exec(expiration) ?? [];
  if (date === undefined) return expiration;
  return l10n.t('{0}, by the rule {1}', formatDate(date), decoded(rule));
}

function dateIn(header: string): Date | undefined {
  const [, text = ''] = /expiry-date="([^"]*)"/.exec(header) ?? [];
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** The id of a rule is percent-encoded (Amazon S3 API reference, "HeadObject"). */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
