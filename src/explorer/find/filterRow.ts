import * as vscode from 'vscode';
import { formatS3Uri, MAX_KEY_BYTES } from '../../aws/s3Uri.ts';
import type { FilterArguments, S3Location } from '../../commands.ts';
import { askText } from '../../vscode/prompts.ts';
import type { Explorer } from '../explorer.ts';
import { isFolder, isRow, prefixOf, type FolderRow, type Row } from '../tree/rows.ts';
import { folderRow, selectedFolder } from './folderRow.ts';

/**
 * Shows of a bucket or prefix only what begins with a text, which is asked for where it is not given: the
 * row that the command was called on, the one that is selected, or the one that the user chooses.
 */
export async function filterRow(
  explorer: Explorer,
  view: vscode.TreeView<Row>,
  target: FilterArguments | undefined,
): Promise<void> {
  const title = vscode.l10n.t('Filter');
  const row = await folderRow(explorer, target ?? selectedFolder(view), title);
  const beginsWith = target?.beginsWith ?? (await askBeginning(explorer, row));
  explorer.tree.filter(row, beginsWith);
  if (beginsWith !== '') await view.reveal(row, { expand: true, select: false });
}

/** Shows all of the rows again. */
export function clearFilters({ tree }: Explorer, targets: readonly S3Location[]): void {
  for (const target of targets) {
    const row = isRow(target) && isFolder(target) ? target : tree.folderAt(target);
    if (row) tree.filter(row, undefined);
  }
}

async function askBeginning({ tree }: Explorer, row: FolderRow): Promise<string> {
  const before = tree.filterOf(row);
  const prefix = prefixOf(row);
  return await askText({
    title: vscode.l10n.t('Filter {0}', formatS3Uri(row)),
    prompt: vscode.l10n.t('Name prefix. Case-sensitive. Leave empty for all.'),
    placeholder: vscode.l10n.t('For example: {0}', '2026-'),
    ...(before !== undefined && { value: before }),
    validate: typed =>
      Buffer.byteLength(prefix + typed) > MAX_KEY_BYTES
        ? vscode.l10n.t('Keys have at most 1,024 bytes.')
        : undefined,
  });
}
