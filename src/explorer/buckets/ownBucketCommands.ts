import { Disposable } from 'vscode';
import { registerCommand } from '../../vscode/registerCommand.ts';
import { progressText } from '../deletion/deletionTexts.ts';
import type { Explorer } from '../explorer.ts';

/** Making, emptying and deleting buckets; what a command does is loaded when it is first run. */
export function registerOwnBuckets(explorer: Explorer): Disposable {
  return Disposable.from(
    explorer.worker.present('emptyBucket', {
      progress: progressText,
      done: async (result, input, session) => {
        const { presentEndedEmptying } = await import('./runEmptyBucket.ts');
        await presentEndedEmptying(explorer, session, input, result);
      },
    }),
    registerCommand('bucketBrigade.explorer.createBucket', async () => {
      const { createBucket } = await import('./createBucket.ts');
      await createBucket(explorer);
    }),
    registerCommand('bucketBrigade.explorer.emptyBucket', async target => {
      const { removeBucket } = await import('./removeBucket.ts');
      await removeBucket(explorer, target, false);
    }),
    registerCommand('bucketBrigade.explorer.deleteBucket', async target => {
      const { removeBucket } = await import('./removeBucket.ts');
      await removeBucket(explorer, target, true);
    }),
  );
}
