import { Disposable } from 'vscode';
import { registerCommand } from '../vscode/registerCommand.ts';
import type { Jobs } from './jobs.ts';

/** What is done to jobs; each is loaded when the first command that does it is run. */
export function registerJobCommands(jobs: Jobs): Disposable {
  const { list } = jobs;
  return Disposable.from(
    registerCommand('bucketBrigade.jobs.run', async (...given) => {
      const { runJobs } = await import('./runJob.ts');
      await runJobs(jobs, ...given);
    }),
    registerCommand('bucketBrigade.jobs.cancel', async (...given) => {
      const { cancelJobs } = await import('./changeJobs.ts');
      await cancelJobs(jobs, ...given);
    }),
    registerCommand('bucketBrigade.jobs.changePriority', async (...given) => {
      const { changePriority } = await import('./changeJobs.ts');
      await changePriority(jobs, ...given);
    }),
    registerCommand('bucketBrigade.jobs.revealManifest', async target => {
      const { revealManifest } = await import('./showJobs.ts');
      await revealManifest(jobs, target);
    }),
    registerCommand('bucketBrigade.jobs.copyJobId', async (...given) => {
      const { copyJobId } = await import('./showJobs.ts');
      await copyJobId(jobs, ...given);
    }),
    registerCommand('bucketBrigade.jobs.filter', async statuses => {
      const { filterJobs } = await import('./showJobs.ts');
      await filterJobs(jobs, statuses);
    }),
    registerCommand('bucketBrigade.jobs.refresh', () => list.invalidate()),
    registerCommand('bucketBrigade.jobs.loadMore', () => list.loadMore()),
  );
}
