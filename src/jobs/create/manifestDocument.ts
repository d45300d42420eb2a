import { l10n } from 'vscode';
import type { ManifestSummary } from '../../aws/manifest/manifestSummary.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import { formatCount } from '../../vscode/formats.ts';
import { formatObjects } from '../jobText.ts';
import { plain, table } from '../../vscode/markdown.ts';
import { columnsText, manifestNotes } from './manifestFacts.ts';
import { countProblems, describeKind } from './manifestProblemText.ts';

/** What was found in a manifest, as a Markdown document. */
export function manifestDocument(summary: ManifestSummary): string {
  return [
    `# ${l10n.t('Problems of a Manifest')}`,
    table(
      ['', ''],
      [
        [`**${l10n.t('Manifest')}**`, plain(formatS3Uri(summary))],
        ...(summary.rows === undefined
          ? []
          : [[`**${l10n.t('Names')}**`, plain(formatObjects(summary.rows))]]),
        ...summary.buckets
          .slice(0, 20)
          .map(({ bucket, rows }) => [
            `**${l10n.t('Bucket')}**`,
            plain(rows === undefined ? bucket : `${bucket} · ${formatObjects(rows)}`),
          ]),
        [`**${l10n.t('Columns')}**`, plain(columnsText(summary))],
        ...manifestNotes(summary).map(note => ['', plain(note)]),
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
      plain(describeKind(problem)),
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
      plain(describeKind(problem)),
      plain(problem.text ?? ''),
    ]),
    ['right'],
  );
}
