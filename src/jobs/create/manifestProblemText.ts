import { l10n } from 'vscode';
import type { ManifestSummary } from '../../aws/manifest/manifest.ts';
import type { ManifestProblem, ManifestProblemKind } from '../../aws/manifest/manifestProblems.ts';
import { formatCount } from '../../vscode/formats.ts';

/** What is wrong, and what would be right, in one sentence. */
export function describeProblemKind(kind: ManifestProblemKind): string {
  switch (kind) {
    case 'headerRow':
      return l10n.t('The first row is a header; a manifest has none, so delete the row.');
    case 'unencodedKey':
      return l10n.t('The key is not URL-encoded: write a space as %20 and a percent sign as %25.');
    case 'plusSign':
      return l10n.t('A plus sign in a key means a space; write %2B if it is a plus.');
    case 'columnCount':
      return l10n.t('The row does not have as many columns as the first: bucket, key, version ID.');
    case 'mixedVersions':
      return l10n.t('Some rows have a version ID and some do not; give it for all rows or none.');
    case 'byteOrderMark':
      return l10n.t('The file begins with a byte order mark; save it as UTF-8 without one.');
    case 'empty':
      return l10n.t('The manifest names no object.');
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
    case 'severalBuckets':
      return l10n.t('The rows name more than one bucket; AWS expects one bucket per manifest.');
    case 'malformed':
      return l10n.t('This is not CSV; a quotation mark may be missing.');
    case 'encryption':
      return l10n.t('The manifest is encrypted with a KMS key; save it with SSE-S3 instead.');
    case 'inventoryFormat':
      return l10n.t(
        'The inventory cannot be used: batch jobs need one in CSV with bucket and key.',
      );
  }
}

/** `Row 3: The key is not URL-encoded: …`. */
export function describeProblem({ kind, row }: ManifestProblem): string {
  return row === undefined
    ? describeProblemKind(kind)
    : l10n.t('Row {0}: {1}', formatCount(row), describeProblemKind(kind));
}

/** A line for each kind of problem: the first of the kind, and how many more there are. */
export function problemLines({ problems, problemCounts }: ManifestSummary): string[] {
  const firsts = problems.filter(({ kind }, at) => problems.findIndex(p => p.kind === kind) === at);
  return firsts.map(problem => {
    const more = (problemCounts[problem.kind] ?? 1) - 1;
    const first = describeProblem(problem);
    if (more === 0) return first;
    return more === 1
      ? l10n.t('{0} (and 1 more row)', first)
      : l10n.t('{0} (and {1} more rows)', first, formatCount(more));
  });
}

/** The problem to name when there is place for one only: the first that keeps the job from working. */
export function worstProblem({ problems }: ManifestSummary): ManifestProblem | undefined {
  return problems.find(problem => problem.severity === 'error') ?? problems[0];
}

/** Whether a job made from it would fail, wholly or for some rows. */
export function isUnusable({ problems }: ManifestSummary): boolean {
  return problems.some(problem => problem.severity === 'error');
}

/** How many problems there are, those not kept included. */
export function countProblems({ problemCounts }: ManifestSummary): number {
  return Object.values(problemCounts).reduce((sum, count) => sum + count, 0);
}
