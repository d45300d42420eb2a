import { Disposable } from 'vscode';
import type { Explorer } from '../explorer.ts';
import { progressText, undoProgressText } from './deletionTexts.ts';

/** How deletes are shown that continue after their window was closed, or the network was gone. */
export function presentContinuedDeletes(explorer: Explorer): Disposable {
  const { worker } = explorer;
  return Disposable.from(
    worker.present('deleteObjects', {
      progress: progressText,
      done: async (result, { folder }) => {
        const { presentEndedDelete } = await import('./presentEndedDelete.ts');
        await presentEndedDelete(explorer, folder, result);
      },
    }),
    worker.present('undoDelete', {
      progress: undoProgressText,
      done: async (result, { folder }) => {
        const { presentEndedUndo } = await import('./presentEndedDelete.ts');
        await presentEndedUndo(explorer, folder, result);
      },
    }),
  );
}
