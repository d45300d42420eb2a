import { l10n } from 'vscode';
import type { ManifestSummary } from '../../aws/manifest/manifestSummary.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import { formatCount, formatObjects } from '../../vscode/formats.ts';
import { escapeMarkdown, table } from '../../vscode/markdown.ts';
import { countProblems, describeKind, problemLines } from './manifestProblemText.ts';

/** What S3 Batch Operations takes each column for: `Bucket, Key, ignored, VersionId`. */
export function columnsText({ fields }: ManifestSummary): string {
  const last = fields.findLastIndex(field => field !== 'Ignore');
  const named = fields
    .slice(0, last + 1)
    .map(field => (field === 'Ignore' ? l10n.t('ignored') : field));
  const ignored = fields.length - named.length;
  if (ignored === 0) return named.join(', ');
  const rest = ignored === 1 ? l10n.t('1 ignored') : l10n.t('{0} ignored', formatCount(ignored));
  return [...named, rest].join(', ');
}

/** What a person may not expect of the manifest they choose, in a sentence each. */
export function manifestNotes(summary: ManifestSummary): string[] {
  const { fields, inventory } = summary;
  const { noncurrent = 0, files = 0, notCounted = 0 } = inventory ?? {};
  return [
    ...(fields.includes('VersionId')
      ? [l10n.t('The job processes the versions that are listed, not the latest ones.')]
      : []),
    ...(noncurrent === 0
      ? []
      : [
          l10n.t('{0} of them aren’t the latest version of their object.', formatCount(noncurrent)),
        ]),
    ...(notCounted === 0
      ? []
      : [
          l10n.t(
            '{0} of {1} data files aren’t counted.',
            formatCount(notCounted),
            formatCount(files),
          ),
        ]),
  ];
}

/** What a manifest comes to, for the summary of a job. */
export function manifestLines(summary: ManifestSummary): string[] {
  return [
    l10n.t('Columns: {0}', columnsText(summary)),
    ...manifestNotes(summary),
    ...problemLines(summary).map(line => `⚠ ${line}`),
  ];
}

/** What was found in a manifest, as a Markdown document. */
export function manifestDocument(summary: ManifestSummary): string {
  return [
    `# ${l10n.t('Problems of a Manifest')}`,
    table(
      ['', ''],
      [
        [`**${l10n.t('Manifest')}**`, escapeMarkdown(formatS3Uri(summary))],
        ...(summary.rows === undefined
          ? []
          : [[`**${l10n.t('Names')}**`, escapeMarkdown(formatObjects(summary.rows))]]),
        ...summary.buckets
          .slice(0, 20)
          .map(({ bucket, rows }) => [
            `**${l10n.t('Bucket')}**`,
            escapeMarkdown(rows === undefined ? bucket : `${bucket} · ${formatObjects(rows)}`),
          ]),
        [`**${l10n.t('Columns')}**`, escapeMarkdown(columnsText(summary))],
        ...manifestNotes(summary).map(note => ['', escapeMarkdown(note)]),
      ],
    ),
    `## ${l10n.t('Kinds')}`,
    kinds(summary),
    `## ${l10n.t('Rows')}`,
    rowsNote(summary),
    rows(summary),
    '',
  ].join('\n\n');
}

function kinds({ problems, problemCounts }: ManifestSummary): string {
  const firsts = problems.filter(({ kind }, at) => problems.findIndex(p => p.kind === kind) === at);
  return table(
    [l10n.t('Count'), '', l10n.t('Problem')],
    firsts.map(problem => [
      formatCount(problemCounts[problem.kind] ?? 0),
      problem.severity === 'error' ? l10n.t('error') : l10n.t('warning'),
      escapeMarkdown(describeKind(problem)),
    ]),
    ['right'],
  );
}

function rowsNote(summary: ManifestSummary): string {
  const all = countProblems(summary);
  return all > summary.problems.length
    ? l10n.t('The first {0} of {1}.', formatCount(summary.problems.length), formatCount(all))
    : '';
}

function rows({ problems }: ManifestSummary): string {
  return table(
    [l10n.t('Row'), l10n.t('Problem'), l10n.t('Text')],
    problems.map(problem => [
      problem.row === undefined ? '' : formatCount(problem.row),
      escapeMarkdown(describeKind(problem)),
      escapeMarkdown(problem.text ?? ''),
    ]),
    ['right'],
  );
}
