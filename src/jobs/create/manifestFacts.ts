import { l10n } from 'vscode';
import type { ManifestSummary } from '../../aws/manifest/manifestSummary.ts';
import { formatCount } from '../../vscode/formats.ts';
import { problemLines } from './manifestProblemText.ts';

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
      ? [l10n.t('The job works on the versions that are named, not on the latest.')]
      : []),
    ...(noncurrent === 0
      ? []
      : [l10n.t('{0} of them are not the latest of their object.', formatCount(noncurrent))]),
    ...(notCounted === 0
      ? []
      : [
          l10n.t(
            '{0} of {1} data files are not counted.',
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
