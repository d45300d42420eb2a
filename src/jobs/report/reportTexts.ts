import { l10n } from 'vscode';

/**
 * Every text of the report's page, in the user's language. The browser has no l10n of its own, so it
 * is given them; `{0}` is filled there.
 */
export function reportTexts() {
  return {
    title: l10n.t('Completion Report'),
    damage: l10n.t('Damage'),
    failures: l10n.t('Failures by kind'),
    moreKinds: l10n.t('{0} more kinds'),
    show: l10n.t('Show Objects'),
    showGroup: l10n.t('Show objects: {0}'),
    forExample: l10n.t('For example: {0}'),
    table: l10n.t('Results by object'),
    search: l10n.t('Search keys and messages'),
    searchAndFilter: l10n.t('Search and filter'),
    showing: l10n.t('Show'),
    allRows: l10n.t('All objects'),
    succeeded: l10n.t('Succeeded'),
    failed: l10n.t('Failed'),
    export: l10n.t('Export as CSV…'),
    rows: l10n.t('{0} objects'),
    rowsOf: l10n.t('{0} of {1} objects'),
    soFar: l10n.t('Reading the report: {0} objects so far'),
    searching: l10n.t('Searching…'),
    reading: l10n.t('Reading…'),
    rowOf: l10n.t('Row {0} of {1}'),
    status: l10n.t('Result'),
    key: l10n.t('Key'),
    error: l10n.t('Error'),
    message: l10n.t('Message'),
    version: l10n.t('Version ID'),
    bucket: l10n.t('Bucket'),
    details: l10n.t('Selected object'),
    openObject: l10n.t('Open Object'),
    reveal: l10n.t('Reveal in Buckets'),
    copyKey: l10n.t('Copy Key'),
    copyRow: l10n.t('Copy Row'),
  };
}
