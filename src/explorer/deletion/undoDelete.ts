import { l10n, window } from 'vscode';
import type { UndoDeleteProgress, UndoDeleteResult } from '../../aws/deletion/undoDelete.ts';
import { BrigadeError } from '../../aws/errors.ts';
import { fromErrorFacts } from '../../aws/errorFacts.ts';
import { formatCount, formatDate } from '../../vscode/formats.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { pick } from '../../vscode/prompts.ts';
import { sessionOf } from '../../vscode/sessionOwner.ts';
import { neutralizeLinks } from '../../vscode/neutralizeLinks.ts';
import { sessionFor, type Explorer } from '../explorer.ts';
import { reportFailures } from '../transfers/reportFailures.ts';
import { undoProgressText } from './deletionTexts.ts';
import { DeleteHistory, refreshDeleted, type PastDelete } from './deleteHistory.ts';

/** Undoes a delete of late: the only one there is, or the one that is chosen. */
export async function undoDelete(explorer: Explorer): Promise<void> {
  const session = await sessionFor(explorer, undefined);
  const pasts = await new DeleteHistory(explorer.storage).undoable(session.key);
  if (pasts.length === 0) {
    throw new BrigadeError(
      'InvalidInput',
      l10n.t(
        'There is no delete to undo. Only deletes of the last 30 days in buckets with versioning can be undone.',
      ),
    );
  }
  const chosen = await pick({
    title: l10n.t('Undo Delete'),
    placeholder: l10n.t('Removes only the delete markers that this delete created'),
    items: pasts.map(({ id, past }) => ({
      id,
      label: past.place,
      description: formatDate(new Date(past.agreedAt)),
      detail: countText(past.markers ?? past.objects),
    })),
  });
  await undoPastDelete(explorer, chosen.id);
}

function countText(objects: number): string {
  return objects === 1 ? l10n.t('1 object') : l10n.t('{0} objects', formatCount(objects));
}

/** Removes the delete markers that a delete has made. @throws BrigadeError; OtherConnection */
export async function undoPastDelete(explorer: Explorer, id: string): Promise<void> {
  const pasts = new DeleteHistory(explorer.storage);
  const past = await pasts.read(id);
  if (!past) throw new BrigadeError('NotFound', l10n.t('This delete can no longer be undone.'));
  const session = await sessionOf(explorer.connections, past.owner);
  const title = l10n.t('Undoing the delete in {0}', past.place);
  const input = { folder: pasts.folderOf(id) };
  try {
    const result = await withCancellableProgress({ title }, async (signal, report) => {
      const onProgress = (progress: UndoDeleteProgress): void =>
        report({ message: undoProgressText(progress) });
      return await explorer.worker.run(session, 'undoDelete', input, { title, signal, onProgress });
    });
    await showUndoResult(explorer, id, past, result);
  } finally {
    refreshDeleted(explorer.tree, past);
  }
}

/** Says what is there again, and what is not and why. */
export async function showUndoResult(
  explorer: Explorer,
  id: string,
  past: PastDelete,
  result: UndoDeleteResult,
): Promise<void> {
  const { restored, failed, cancelled } = result;
  if (!cancelled && failed === 0) await new DeleteHistory(explorer.storage).undone(id);
  const text =
    restored === 1
      ? l10n.t('Restored 1 object in {0}.', past.place)
      : l10n.t('Restored {0} objects in {1}.', formatCount(restored), past.place);
  if (cancelled) {
    void window.showInformationMessage(neutralizeLinks(l10n.t('Cancelled. {0}', text)));
  } else if (failed === 0) {
    void window.showInformationMessage(neutralizeLinks(text));
  } else {
    void showFailed(explorer, id, result, text);
  }
}

async function showFailed(
  explorer: Explorer,
  id: string,
  { failed, failures }: UndoDeleteResult,
  text: string,
): Promise<void> {
  await reportFailures({
    outcome: {
      ...{ done: [], left: [], isCancelled: false },
      failed: failures.map(({ key, error }) => ({ item: key, error: fromErrorFacts(error) })),
    },
    doneText: '',
    failedText: `${text} ${l10n.t('{0} couldn’t be restored.', formatCount(failed))}`,
    nameOf: key => key,
    again: async () => await undoPastDelete(explorer, id),
  });
}
