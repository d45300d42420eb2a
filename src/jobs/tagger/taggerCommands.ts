import { Disposable } from 'vscode';
import type { Services } from '../../services.ts';
import { registerCommand } from '../../vscode/registerCommand.ts';
import { servicesFor } from '../../vscode/sessionOwner.ts';
import type { JobRegions } from '../jobRegions.ts';

/** Deploying and removing the tagger; what they do is loaded when they are first run. */
export function registerTaggerCommands(
  services: Pick<Services, 'context' | 'connections' | 'documents'> & {
    readonly regions: JobRegions;
  },
): Disposable {
  return Disposable.from(
    registerCommand('bucketBrigade.jobs.deployTagger', async from => {
      const { deployTagger } = await import('./deployTagger.ts');
      return await deployTagger(servicesFor(services, from), from);
    }),
    registerCommand('bucketBrigade.jobs.removeTagger', async given => {
      const { removeTagger } = await import('./removeTagger.ts');
      return await removeTagger(services, given);
    }),
  );
}
