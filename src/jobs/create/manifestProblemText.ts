import { l10n } from 'vscode';
import type { ManifestProblem } from '../../aws/manifest/manifestProblems.ts';
import type { ManifestSummary } from '../../aws/manifest/manifestSummary.ts';
import { formatCount } from '../../vscode/formats.ts';

/** What is wrong, and what would be right, without the row. */
export function describeKind(problem: ManifestProblem): string {
  return PROBLEM_TEXTS[problem.kind](problem);
}

type Found = Pick<ManifestProblem, 'text' | 'count'>;

const PROBLEM_TEXTS: Readonly<Record<ManifestProblem['kind'], (found: Found) => string>> = {
  headerRow: () => l10n.t('The first row is a header; a manifest has none, so delete the row.'),
  loneBucket: () =>
    l10n.t(
      'The bucket of the first row doesn’t exist, and no other row has it. If the row is a header, delete it: a manifest has none.',
    ),
  byteOrderMark: () =>
    l10n.t('The file begins with a byte order mark; save it as UTF-8 without one.'),
  empty: () => l10n.t('The manifest lists no objects.'),
  severalBuckets: () =>
    l10n.t('The rows have more than one bucket; AWS expects one bucket per manifest.'),
  format: ({ text = '' }) => describeFormat(text),
  separator: ({ text = '' }) => describeSeparator(text),
  s3Uris: () =>
    l10n.t(
      'The rows are S3 URIs. Write bucket and key with a comma between them: {0}',
      'my-bucket,photos/a.jpg',
    ),
  oneColumn: () =>
    l10n.t(
      'There is only one column. Write bucket and key with a comma between them: {0}',
      'my-bucket,photos/a.jpg',
    ),
  lineEnds: () =>
    l10n.t(
      'Lines end with a carriage return alone. AWS doesn’t say that S3 Batch Operations reads that; save the file with LF or CRLF.',
    ),
  ignoredColumns: ({ text = '' }) =>
    l10n.t(
      'No column looks like S3 version IDs, so these columns are ignored: {0}. The job uses the latest versions.',
      text,
    ),
  encryption: () =>
    l10n.t('The manifest is encrypted with a KMS key; save it with SSE-S3 instead.'),
  inventoryFormat: ({ text = '' }) =>
    l10n.t(
      'The inventory is in {0} format; batch jobs read inventories in CSV only. Choose CSV in the bucket’s inventory configuration.',
      text,
    ),
  inventoryColumns: () => l10n.t('The inventory doesn’t have the columns Bucket and Key.'),
  notInventory: () => l10n.t('This isn’t the manifest.json of an S3 Inventory.'),
  completionReport: () =>
    l10n.t(
      'This manifest.json is of a completion report, not of an S3 Inventory. A job can’t be made from it.',
    ),
  dataMissing: () =>
    l10n.t(
      'A data file of the inventory doesn’t exist, so its objects aren’t counted. The job fails if S3 can’t find it either.',
    ),
  dataDenied: () =>
    l10n.t(
      'Can’t read a data file of the inventory, so its objects aren’t counted. Missing permission: s3:GetObject, which the job’s role needs too.',
    ),
  dataNotGzip: () =>
    l10n.t(
      'A data file of the inventory isn’t gzip or is cut off, so its objects aren’t counted. The job will probably fail.',
    ),
  dataChecksum: () =>
    l10n.t(
      'The MD5 of an inventory data file doesn’t match manifest.json, so its objects aren’t counted. The job will probably fail.',
    ),
  emptyVersion: ({ count = 0 }) =>
    count === 1
      ? l10n.t('1 row has no version ID. Its task fails: AWS expects the word null.')
      : l10n.t(
          '{0} rows have no version ID. Their tasks fail: AWS expects the word null.',
          formatCount(count),
        ),
  deleteMarker: ({ count = 0 }) =>
    count === 1
      ? l10n.t('1 row is a delete marker. Its task fails.')
      : l10n.t('{0} rows are delete markers. Their tasks fail.', formatCount(count)),
  unencodedKey: () =>
    l10n.t('The key isn’t URL-encoded: write a space as %20 and a percent sign as %25.'),
  plusSign: () => l10n.t('A plus sign in a key means a space; write %2B for a literal plus sign.'),
  columnCount: () =>
    l10n.t('The row doesn’t have as many columns as the first: bucket, key, version ID.'),
  mixedVersions: () =>
    l10n.t('Some rows have a version ID and others don’t. Add one to all rows or to none.'),
  versionId: () => l10n.t('The cell isn’t a version ID, unlike other rows in this column.'),
  blankLine: () => l10n.t('The line is blank.'),
  trailingSpace: () =>
    l10n.t('There is a space before or after a cell; it would become part of it.'),
  emptyKey: () => l10n.t('The row has no key.'),
  keyTooLong: () => l10n.t('The key is longer than 1,024 bytes.'),
  bucketName: () => l10n.t('The first column isn’t the name of a bucket.'),
  malformed: () => l10n.t('The row isn’t valid CSV; check its quotation marks.'),
  notUtf8: () => l10n.t('The row isn’t UTF-8; save the file in UTF-8.'),
  duplicateRow: () => l10n.t('Duplicate row; its object is processed twice.'),
  objectMissing: () => l10n.t('The object doesn’t exist; its task would fail.'),
  objectDenied: () =>
    l10n.t('Can’t check whether the object exists. Missing permission: s3:GetObject.'),
  bucketMissing: () => l10n.t('The bucket doesn’t exist; the row’s task would fail.'),
};

function describeFormat(format: string): string {
  switch (format) {
    case 'gzip':
      return l10n.t(
        'The file is gzip-compressed; batch jobs read uncompressed CSV. For an S3 Inventory, choose its manifest.json.',
      );
    case 'UTF-16':
      return l10n.t('The file is UTF-16; save it as CSV in UTF-8.');
    default:
      return l10n.t('The file is {0}, not CSV. Save it as CSV in UTF-8.', format);
  }
}

function describeSeparator(separator: string): string {
  switch (separator) {
    case 'tab':
      return l10n.t('Cells are separated by tabs. Use commas.');
    case 'space':
      return l10n.t('Cells are separated by spaces. Use commas.');
    case ';':
      return l10n.t('Cells are separated by semicolons. Use commas.');
    default:
      return l10n.t('Cells are separated by “{0}”. Use commas.', separator);
  }
}

/** `Row 3: The key is not URL-encoded: …`. */
export function describeProblem(problem: ManifestProblem): string {
  return problem.row === undefined
    ? describeKind(problem)
    : l10n.t('Row {0}: {1}', formatCount(problem.row), describeKind(problem));
}

/** A line for each kind of problem: the first of the kind, and how many more there are. */
export function problemLines({ problems, problemCounts }: ManifestSummary): string[] {
  const firsts = problems.filter(({ kind }, at) => problems.findIndex(p => p.kind === kind) === at);
  return firsts.map(problem => {
    const more = (problemCounts[problem.kind] ?? 1) - (problem.count ?? 1);
    const first = describeProblem(problem);
    if (more <= 0) return first;
    return more === 1
      ? l10n.t('{0} (and 1 more)', first)
      : l10n.t('{0} (and {1} more)', first, formatCount(more));
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
