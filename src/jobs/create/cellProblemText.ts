import { l10n } from 'vscode';

/** What can be wrong with one row of a CSV manifest. */
export type CellProblemKind =
  | 'unencodedKey'
  | 'plusSign'
  | 'columnCount'
  | 'mixedVersions'
  | 'versionId'
  | 'blankLine'
  | 'trailingSpace'
  | 'emptyKey'
  | 'keyTooLong'
  | 'bucketName'
  | 'malformed'
  | 'notUtf8'
  | 'duplicateRow';

/** What is wrong with the row, and what would be right. */
export function describeCellProblem(kind: CellProblemKind): string {
  switch (kind) {
    case 'unencodedKey':
      return l10n.t('The key is not URL-encoded: write a space as %20 and a percent sign as %25.');
    case 'plusSign':
      return l10n.t('A plus sign in a key means a space; write %2B if it is a plus.');
    case 'columnCount':
      return l10n.t('The row does not have as many columns as the first: bucket, key, version ID.');
    case 'mixedVersions':
      return l10n.t('Some rows have a version ID and some do not; give it for all rows or none.');
    case 'versionId':
      return l10n.t('The cell is no version ID, as other rows have it in this column.');
    case 'blankLine':
      return l10n.t('The line is blank.');
    case 'trailingSpace':
      return l10n.t('There is a space before or after a cell; it would become part of it.');
    case 'emptyKey':
      return l10n.t('The row has no key.');
    case 'keyTooLong':
      return l10n.t('The key is longer than 1,024 bytes.');
    case 'bucketName':
      return l10n.t('The first column is not the name of a bucket.');
    case 'malformed':
      return l10n.t('The row is not CSV; a quotation mark may be missing or one too many.');
    case 'notUtf8':
      return l10n.t('The row is not UTF-8; save the file in UTF-8.');
    case 'duplicateRow':
      return l10n.t('The row is there twice; its object is worked on twice.');
  }
}
