import type { Disposable } from 'vscode';
import { DisposableStore } from '../../vscode/disposables.ts';
import { registerCommand } from '../../vscode/registerCommand.ts';
import { servicesFor } from '../../vscode/sessionOwner.ts';
import type { Jobs } from '../jobs.ts';
import type { ManifestDiagnostics } from './manifestDiagnostics.ts';

/** Checking manifests; the Problems view learns of us with the first that is checked. */
export function registerCheckCommands(jobs: Jobs): Disposable {
  const disposables = new DisposableStore();
  let shown: Promise<ManifestDiagnostics> | undefined;
  const diagnostics = (): Promise<ManifestDiagnostics> =>
    (shown ??= import('./createManifestDiagnostics.ts').then(({ createManifestDiagnostics }) =>
      createManifestDiagnostics(jobs, disposables),
    ));
  disposables.add(
    registerCommand('bucketBrigade.jobs.checkManifest', async target => {
      const { checkManifestCommand } = await import('./checkCommand.ts');
      return await checkManifestCommand(servicesFor(jobs, target), await diagnostics(), target);
    }),
  );
  disposables.add(
    registerCommand('bucketBrigade.jobs.correctManifest', async target => {
      const { correctManifestCommand } = await import('./correctCommand.ts');
      return await correctManifestCommand(servicesFor(jobs, target), await diagnostics(), target);
    }),
  );
  return disposables;
}
