import { l10n } from 'vscode';
import type { PageTexts } from './protocol.ts';

/** Words of a page itself, in the user's language. */
export function pageTexts(): PageTexts {
  return {
    copy: l10n.t('Copy'),
    copied: l10n.t('Copied'),
    warning: l10n.t('Warning'),
    error: l10n.t('Error'),
    status: {
      passed: l10n.t('Passed'),
      warned: l10n.t('Warning'),
      failed: l10n.t('Failed'),
      unchecked: l10n.t('Not checked'),
      waiting: l10n.t('Waiting'),
      pending: l10n.t('Not yet'),
    },
  };
}
