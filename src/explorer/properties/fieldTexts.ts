import { l10n } from 'vscode';
import { MAX_METADATA_BYTES, type FieldProblem } from '../../aws/properties/fieldRules.ts';
import { formatCount } from '../../vscode/formats.ts';

/** What is wrong with a header or with user metadata, as a sentence. */
export function describeFieldProblem(problem: FieldProblem): string {
  switch (problem) {
    case 'name':
      return l10n.t('Use only letters, digits and -._ in a name; S3 stores it in lowercase.');
    case 'duplicate':
      return l10n.t('User metadata with that name already exists.');
    case 'control':
      return l10n.t('A header can’t have line breaks or other control characters.');
    case 'blanks':
      return l10n.t('Spaces at the beginning or end would be lost.');
    case 'empty':
      return l10n.t('A header can’t be empty. Remove it instead.');
    case 'notAscii':
      return l10n.t('A header can have ASCII characters only.');
    case 'notDate':
      return l10n.t('Not a date, such as: Wed, 21 Oct 2026 07:28:00 GMT');
    case 'tooLong':
      return l10n.t(
        'User metadata can have at most {0} bytes in total, including names.',
        formatCount(MAX_METADATA_BYTES),
      );
  }
}
