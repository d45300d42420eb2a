import { l10n, Uri, type Disposable } from 'vscode';
import { DisposableStore } from '../../vscode/disposables.ts';
import { formatSize } from '../../vscode/sizes.ts';
import type { Explorer } from '../explorer.ts';

/**
 * Has transfers that were interrupted continue as the transfers that they were, with a row of their
 * own.
 */
export function registerContinuedTransfers(explorer: Explorer): Disposable {
  const { worker } = explorer;
  const disposables = new DisposableStore();
  const shown = {
    progress: ({ finished, bytes }: { finished: number; bytes: number }): string =>
      l10n.t('{0} files ({1})', finished, formatSize(bytes)),
    // Its transfer has told it.
    done: () => undefined,
  };
  disposables.add(
    worker.present('uploadFiles', {
      ...shown,
      resume: async (session, { id, input: { bucket, files } }) => {
        const { send } = await import('./upload.ts');
        const { openPlain } = await import('../../aws/objects/plainFile.ts');
        const items = files.map(file => ({
          ...{ ...file, source: Uri.file(file.path) },
          open: async () => (await openPlain(file.path)).createReadStream(),
        }));
        await send(explorer, session, bucket, items, id);
      },
    }),
  );
  disposables.add(
    worker.present('downloadFiles', {
      ...shown,
      resume: async (session, { id, input: { files } }) => {
        const { fetchItems } = await import('./download.ts');
        const items = files.map(file => ({ ...file, folder: Uri.file(file.folder) }));
        await fetchItems(explorer, session, items, id);
      },
    }),
  );
  return disposables;
}
