import * as vscode from 'vscode';
import { formatS3Uri, MAX_KEY_BYTES } from '../../aws/s3Uri.ts';
import type { FilterArguments, S3Location } from '../../commands.ts';
import type { Session } from '../../services.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { askText } from '../../vscode/prompts.ts';
import { askLocation, sessionFor, type Explorer } from '../explorer.ts';
import { findRow } from '../tree/findRow.ts';
import {
  isFolder,
  isLocation,
  isRow,
  prefixOf,
  type FolderRow,
  type LocationRow,
  type Row,
} from '../tree/rows.ts';

/**
 * Shows of a bucket or prefix only what begins with a text, which is asked for where it is not given: the
 * row that the command was called on, the one that is selected, or the one that the user chooses.
 */
export async function filterRow(
  explorer: Explorer,
  view: vscode.TreeView<Row>,
  target: FilterArguments | undefined,
): Promise<void> {
  const row = await folderRow(explorer, target ?? selectedFolder(view));
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

function selectedFolder({ selection: [row] }: vscode.TreeView<Row>): FolderRow | undefined {
  return row && isLocation(row) ? folderOf(row) : undefined;
}

function folderOf(row: LocationRow): FolderRow {
  return row.kind === 'object' ? row.parent : row;
}

async function folderRow(explorer: Explorer, target: S3Location | undefined): Promise<FolderRow> {
  if (target && isRow(target) && isLocation(target)) return folderOf(target);
  const session = await sessionFor(explorer, target);
  const location = target ?? (await chooseFolder(explorer, session));
  const { bucket, key } = location;
  const known = explorer.tree.folderAt(location);
  if (known) return known;
  const title = vscode.l10n.t('Looking for {0}', formatS3Uri(location));
  const row = await withCancellableProgress({ title }, signal =>
    findRow(explorer, session, key === undefined ? { bucket } : { bucket, key }, signal),
  );
  return folderOf(row);
}

async function chooseFolder(explorer: Explorer, session: Session): Promise<S3Location> {
  const title = vscode.l10n.t('Filter');
  return await askLocation(explorer, session, { title, kind: 'folder' });
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
