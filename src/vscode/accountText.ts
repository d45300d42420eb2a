import { l10n } from 'vscode';
import type { CallerIdentity } from '../aws/clients.ts';

/** The account for the screen; S3-compatible services need not know one. */
export function accountText({ accountId }: Pick<CallerIdentity, 'accountId'>): string {
  return accountId === '' ? l10n.t('Account unknown') : accountId;
}
