import { Disposable } from 'vscode';
import { registerCommand } from '../../vscode/registerCommand.ts';
import { servicesFor } from '../../vscode/sessionOwner.ts';
import type { Jobs } from '../jobs.ts';
import { manifestProgress } from './manifestProgress.ts';

/** Registers the commands that write manifests of a selection; their code is loaded with the first. */
export function registerSelectionCommands(jobs: Jobs): Disposable {
  return Disposable.from(
    registerCommand('bucketBrigade.jobs.createManifest', async (...given) => {
      const { createManifestCommand } = await import('./createManifestCommand.ts');
      return await createManifestCommand(servicesFor(jobs, given[0]), ...given);
    }),
    // One whose window was closed is continued, and nobody waits for it.
    jobs.worker.present('createManifest', {
      progress: manifestProgress,
      done: async (written, _, session) => {
        const { showManifestWritten: announceManifest } = await import('./showManifestWritten.ts');
        await announceManifest(jobs, session, written);
      },
    }),
  );
}
