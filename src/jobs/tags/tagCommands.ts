import { l10n } from 'vscode';
import type { DirectResult } from '../../aws/tagChanges/directEngine.ts';
import type { Session } from '../../services.ts';
import { DisposableStore } from '../../vscode/disposables.ts';
import { formatCount } from '../../vscode/formats.ts';
import { registerCommand } from '../../vscode/registerCommand.ts';
import { servicesFor } from '../../vscode/sessionOwner.ts';
import type { Jobs } from '../jobs.ts';

/** Changes of tags and their undoing; what asks and shows is loaded with the first. */
export function registerTagCommands(jobs: Jobs): DisposableStore {
  const disposables = new DisposableStore();
  disposables.add(
    registerCommand('bucketBrigade.jobs.changeTags', async (target, selection) => {
      const { changeTags } = await import('./changeTags.ts');
      await changeTags(servicesFor(jobs, target), target, selection);
    }),
  );
  disposables.add(
    registerCommand('bucketBrigade.jobs.undo', async target => {
      const { undoJob } = await import('./undo.ts');
      await undoJob(servicesFor(jobs, target), target);
    }),
  );
  // What continues after its window was closed has no page any more.
  const continued = {
    progress: ({
      succeeded,
      failed,
      total,
    }: {
      succeeded: number;
      failed: number;
      total: number;
    }) => l10n.t('{0} of {1}', formatCount(succeeded + failed), formatCount(total)),
    done: async (result: DirectResult, _: unknown, session: Session): Promise<void> => {
      const { showResult: announceResult } = await import('./runDirect.ts');
      await announceResult(jobs, session, result);
    },
  };
  disposables.add(jobs.worker.present('changeTags', continued));
  disposables.add(jobs.worker.present('undoTags', continued));
  return disposables;
}
