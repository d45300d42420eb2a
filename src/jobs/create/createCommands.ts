import { Disposable } from 'vscode';
import type { Documents } from '../../services.ts';
import { registerCommand } from '../../vscode/registerCommand.ts';
import { servicesFor } from '../../vscode/sessionOwner.ts';
import type { Jobs } from '../jobs.ts';

/** Creating jobs; the questions are loaded when the first of these commands is run. */
export function registerCreateCommands(jobs: Jobs, documents: Documents): Disposable {
  return Disposable.from(
    registerCommand('bucketBrigade.jobs.create', async (...given) => {
      const { createAnyJob } = await import('./createFrom.ts');
      return await createAnyJob(servicesFor(jobs, given[0]), documents, ...given);
    }),
    registerCommand('bucketBrigade.jobs.createTaggingJob', async (...given) => {
      const { createTaggingJob } = await import('./createFrom.ts');
      return await createTaggingJob(servicesFor(jobs, given[0]), documents, ...given);
    }),
    registerCommand('bucketBrigade.jobs.createResizeJob', async (...given) => {
      const { createResizeJob } = await import('./createFrom.ts');
      return await createResizeJob(servicesFor(jobs, given[0]), documents, ...given);
    }),
    registerCommand('bucketBrigade.jobs.clone', async target => {
      const { cloneJob } = await import('./cloneJob.ts');
      return await cloneJob(servicesFor(jobs, target), documents, target);
    }),
  );
}
