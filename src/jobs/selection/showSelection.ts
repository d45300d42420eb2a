import { l10n } from 'vscode';
import type { SelectionCount } from '../../aws/selection/countSelection.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import type { ObjectSelection } from '../../aws/selection/selection.ts';
import type { Documents, Session } from '../../services.ts';
import { formatCount } from '../../vscode/formats.ts';
import { escapeMarkdown, table } from '../../vscode/markdown.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { formatSize } from '../../vscode/sizes.ts';
import { filterLines } from '../../vscode/filter/filterText.ts';
import { selectedText } from '../../vscode/selection/countSelected.ts';
import { selectionText } from '../../vscode/selection/selectionText.ts';

/** Prefixes that a document shows. */
const MAX_SHOWN = 500;

/** Counts all that is selected, and shows it by prefix in a document beside the question. */
export async function showSelection(
  { clients }: Session,
  documents: Documents,
  selection: ObjectSelection,
): Promise<void> {
  const { countSelection } = await import('../../aws/selection/countSelection.ts');
  const title = l10n.t('Counting objects in {0}', selectionText(selection));
  const count = await withCancellableProgress({ title }, (signal, report) =>
    countSelection(clients, selection, {
      signal,
      limit: Infinity,
      onProgress: seen => report({ message: l10n.t('{0} scanned', formatCount(seen)) }),
    }),
  );
  const name = l10n.t('Selected objects');
  const text = selectionDocument(selection, count);
  await documents.show('selection', `${name}.md`, text, { preserveFocus: true });
}

/** What is selected, by prefix, as a Markdown document. */
function selectionDocument(selection: ObjectSelection, count: SelectionCount): string {
  const lines = selection.kind === 'listing' ? filterLines(selection.filter) : [];
  if (selection.kind === 'listing' && selection.versions === 'all') {
    lines.push(l10n.t('All versions'));
  }
  const shown = count.groups.slice(0, MAX_SHOWN);
  const rest = count.groups.length - shown.length;
  return [
    `# ${l10n.t('Selected Objects')}`,
    `**${escapeMarkdown(selectedText(count))}**`,
    escapeMarkdown(selectionText(selection)),
    ...(lines.length > 0 ? [lines.map(line => `- ${escapeMarkdown(line)}`).join('\n')] : []),
    `## ${l10n.t('By Prefix')}`,
    table(
      [l10n.t('Prefix'), l10n.t('Objects'), l10n.t('Size')],
      shown.map(({ bucket, prefix, objects, bytes }) => [
        escapeMarkdown(formatS3Uri({ bucket, key: prefix })),
        formatCount(objects),
        count.bytes === 0 ? '' : formatSize(bytes),
      ]),
      ['left', 'right', 'right'],
    ),
    ...(rest > 0 ? [l10n.t('{0} more prefixes', formatCount(rest))] : []),
    '',
  ].join('\n\n');
}
