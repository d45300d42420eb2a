import { Disposable } from 'vscode';
import { registerCommand } from '../../vscode/registerCommand.ts';
import { servicesFor } from '../../vscode/sessionOwner.ts';
import type { Jobs } from '../jobs.ts';

/** Jobs as JSON documents and as commands of the AWS CLI; loaded when one of these is run. */
export function registerRequestCommands(jobs: Jobs): Disposable {
  return Disposable.from(
    registerCommand('bucketBrigade.jobs.createFromJson', async () => {
      const { newRequest } = await import('./openRequest.ts');
      await newRequest(jobs);
    }),
    registerCommand('bucketBrigade.jobs.cloneAsJson', async target => {
      const { editAsJson } = await import('./openRequest.ts');
      await editAsJson(servicesFor(jobs, target), target);
    }),
    registerCommand('bucketBrigade.jobs.createFromDocument', async document => {
      const { createFromDocument } = await import('./createFromDocument.ts');
      return await createFromDocument(servicesFor(jobs, document), document);
    }),
    registerCommand('bucketBrigade.jobs.checkDocument', async document => {
      const { checkDocument } = await import('./checkDocument.ts');
      await checkDocument(servicesFor(jobs, document), document);
    }),
    registerCommand('bucketBrigade.jobs.copyCliCommand', async target => {
      const { copyCliCommand } = await import('./copyCliCommand.ts');
      await copyCliCommand(servicesFor(jobs, target), target);
    }),
  );
}
