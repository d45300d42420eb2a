import { Disposable, type ExtensionContext } from 'vscode';
import { registerCommand } from '../vscode/registerCommand.ts';
import type { Explorer } from './explorer.ts';

/** What is left of transfers, and folders that are kept alike; loaded when it is first run. */
export function registerTransferCommands(
  explorer: Explorer,
  context: ExtensionContext,
): Disposable {
  return Disposable.from(
    registerCommand('bucketBrigade.explorer.showUnfinishedUploads', async target => {
      const { showUnfinishedUploads } = await import('./unfinished/showUnfinished.ts');
      await showUnfinishedUploads(explorer, context, target);
    }),
    registerCommand('bucketBrigade.explorer.syncToS3', async target => {
      const { sync } = await import('./sync/syncCommand.ts');
      await sync(explorer, context, 'up', target);
    }),
    registerCommand('bucketBrigade.explorer.syncFromS3', async target => {
      const { sync } = await import('./sync/syncCommand.ts');
      await sync(explorer, context, 'down', target);
    }),
    explorer.worker.present('syncFolder', {
      progress: ({ items }) => String(items),
      // Its transfer has told it.
      done: () => undefined,
      resume: async (session, { id, input }) => {
        const { runSync } = await import('./sync/runSync.ts');
        await runSync(explorer, session, input, id);
      },
    }),
  );
}
