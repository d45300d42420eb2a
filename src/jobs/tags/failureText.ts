import { l10n } from 'vscode';
import type { TaskFailure } from '../../aws/tagChanges/resultRows.ts';

/** Why an object's tags can't be changed, in the user's language; AWS's own words where it refused. */
export function failureText({ code, message }: TaskFailure): string {
  switch (code) {
    case 'TooManyTags':
      return l10n.t('It would have more than 10 tags.');
    case 'KeyExists':
      return l10n.t('It already has a tag with the new key.');
    case 'ChangedSince':
      return l10n.t('Its tags have changed since. {0}', message);
    case 'FormerTagsLost':
      return l10n.t('The saved previous tags are missing or damaged.');
    case 'NoSuchKey':
      return l10n.t('The object doesn’t exist.');
    case 'AccessDenied':
      return l10n.t('Access denied: {0}', message);
    default:
      return `${code}: ${message}`;
  }
}
