import { Disposable } from 'vscode';
import { registerCommand } from '../vscode/registerCommand.ts';
import { servicesFor } from '../vscode/sessionOwner.ts';
import type { Jobs } from './jobs.ts';

/** Registers the commands that act on jobs; the code of each is loaded when it first runs. */
export function registerJobCommands(jobs: Jobs): Disposable {
  const { lists } = jobs;
  return Disposable.from(
    registerCommand('bucketBrigade.jobs.openPage', async target => {
      const { openJobPage } = await import('./page/jobPage.ts');
      await openJobPage(servicesFor(jobs, target), target);
    }),
    registerCommand('bucketBrigade.jobs.run', async (...given) => {
      const { runJobs } = await import('./runJob.ts');
      await runJobs(servicesFor(jobs, given[0]), ...given);
    }),
    registerCommand('bucketBrigade.jobs.cancel', async (...given) => {
      const { cancelJobs } = await import('./changeJobs.ts');
      await cancelJobs(servicesFor(jobs, given[0]), ...given);
    }),
    registerCommand('bucketBrigade.jobs.changePriority', async (...given) => {
      const { changePriority } = await import('./changeJobs.ts');
      await changePriority(servicesFor(jobs, given[0]), ...given);
    }),
    registerCommand('bucketBrigade.jobs.revealManifest', async target => {
      const { revealManifest } = await import('./showJobs.ts');
      await revealManifest(servicesFor(jobs, target), target);
    }),
    registerCommand('bucketBrigade.jobs.copyJobId', async (...given) => {
      const { copyJobId } = await import('./showJobs.ts');
      await copyJobId(servicesFor(jobs, given[0]), ...given);
    }),
    registerCommand('bucketBrigade.jobs.filter', async statuses => {
      const { filterJobs } = await import('./showJobs.ts');
      await filterJobs(jobs, statuses);
    }),
    registerCommand('bucketBrigade.jobs.refresh', () => lists.invalidate()),
    registerCommand('bucketBrigade.jobs.loadMore', of => lists.ofConnection(of)?.loadMore()),
  );
}
