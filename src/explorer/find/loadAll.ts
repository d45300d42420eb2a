import { l10n, window, type TreeView } from 'vscode';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import type { S3Location } from '../../commands.ts';
import { formatCount } from '../../vscode/formats.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { neutralizeLinks } from '../../vscode/neutralizeLinks.ts';
import type { Explorer } from '../explorer.ts';
import { isRow, type PagedRow, type Row } from '../tree/rows.ts';
import { folderRow, selectedFolder } from './folderRow.ts';

/** Rows that are loaded without a question; each further as many are asked for again. */
const MAX_UNCONFIRMED = 100_000;

/**
 * Loads all that a bucket or prefix holds, directly below it: of the row that the command was called on, the
 * selected one, or the one that the user chooses. Cancel keeps what is loaded by then.
 *
 * @returns how many entries are loaded
 */
export async function loadAll(
  explorer: Explorer,
  view: TreeView<Row>,
  target: S3Location | undefined,
): Promise<number> {
  const { tree } = explorer;
  const row = pagedRow(target ?? view.selection[0]) ?? (await chosenRow(explorer, view, target));
  const title = l10n.t('Loading {0}', formatS3Uri(row));
  let agreed = MAX_UNCONFIRMED;
  await withCancellableProgress({ title }, async (signal, report) => {
    await tree.loadAll(row, async loaded => {
      report({ message: l10n.t('{0} loaded', formatCount(loaded)) });
      if (signal.aborted) return false;
      if (loaded < agreed) return true;
      agreed += MAX_UNCONFIRMED;
      return await confirmMore(row, loaded);
    });
  });
  return tree.loaded(row);
}

/** What a row that loads more adds to. */
function pagedRow(target: Row | S3Location | undefined): PagedRow | undefined {
  if (!target || !('bucket' in target) || !isRow(target)) return undefined;
  return target.kind === 'more' ? target.parent : undefined;
}

async function chosenRow(
  explorer: Explorer,
  view: TreeView<Row>,
  target: S3Location | undefined,
): Promise<PagedRow> {
  const given = target ?? selectedFolder(view);
  const row = await folderRow(explorer, given, l10n.t('Load All'));
  if (!given) await view.reveal(row, { expand: true, select: false });
  return row;
}

async function confirmMore(row: PagedRow, loaded: number): Promise<boolean> {
  const more = l10n.t('Load {0} More', formatCount(MAX_UNCONFIRMED));
  const answer = await window.showWarningMessage(
    neutralizeLinks(l10n.t('{0} of {1} are loaded.', formatCount(loaded), formatS3Uri(row))),
    {
      modal: true,
      detail: l10n.t(
        'There are more, but this many rows slow VS Code down. Use Filter… or Find Objects… instead.',
      ),
    },
    more,
  );
  return answer === more;
}
