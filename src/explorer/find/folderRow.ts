import { l10n, type TreeView } from 'vscode';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import type { S3Location } from '../../commands.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { askLocation, sessionFor, type Explorer } from '../explorer.ts';
import { findRow } from '../tree/findRow.ts';
import { isLocation, isRow, type FolderRow, type LocationRow, type Row } from '../tree/rows.ts';

/** The bucket or prefix that is selected, or that what is selected is in. */
export function selectedFolder({ selection: [row] }: TreeView<Row>): FolderRow | undefined {
  return row && isLocation(row) ? folderOf(row) : undefined;
}

/**
 * The row of a bucket or prefix, looked for where it is not shown yet; asked for where none is given.
 *
 * @param title of the question
 */
export async function folderRow(
  explorer: Explorer,
  target: S3Location | undefined,
  title: string,
): Promise<FolderRow> {
  if (target && isRow(target) && isLocation(target)) return folderOf(target);
  const session = await sessionFor(explorer, target);
  const location = target ?? (await askLocation(explorer, session, { title, kind: 'folder' }));
  const known = explorer.tree.folderAt(location);
  if (known) return known;
  const { bucket, key } = location;
  const looking = l10n.t('Looking for {0}', formatS3Uri(location));
  const row = await withCancellableProgress({ title: looking }, signal =>
    findRow(explorer, session, key === undefined ? { bucket } : { bucket, key }, signal),
  );
  return folderOf(row);
}

function folderOf(row: LocationRow): FolderRow {
  return row.kind === 'object' ? row.parent : row;
}
