import { Disposable } from 'vscode';
import type { Documents } from '../../services.ts';
import { registerCommand } from '../../vscode/registerCommand.ts';
import type { Jobs } from '../jobs.ts';

/** Creating jobs; the questions are loaded when the first of these commands is run. */
export function registerCreateCommands(jobs: Jobs, documents: Documents): Disposable {
  return Disposable.from(
    registerCommand('bucketBrigade.jobs.createTaggingJob', async from => {
      const { createTaggingJob } = await import('./createFrom.ts');
      return await createTaggingJob(jobs, documents, from);
    }),
    registerCommand('bucketBrigade.jobs.createResizeJob', async from => {
      const { createResizeJob } = await import('./createFrom.ts');
      return await createResizeJob(jobs, documents, from);
    }),
    registerCommand('bucketBrigade.jobs.clone', async target => {
      const { cloneJob } = await import('./createFrom.ts');
      return await cloneJob(jobs, documents, target);
    }),
  );
}
