import type { TreeDragAndDropController } from 'vscode';
import { isCancellation } from '../vscode/cancellation.ts';
import type { Dragged } from './drops.ts';
import type { Explorer } from './explorer.ts';
import type { Row } from './tree/rows.ts';

const URI_LIST = 'text/uri-list';
/** Files that a browser hands over without saying where they are. */
const FILES = 'files';
/** Rows of the view itself, as VS Code names them. */
const ROWS = 'application/vnd.code.tree.bucketbrigade.buckets';

/**
 * Rows dropped on a bucket or prefix are copied or moved, files are uploaded; objects are dragged out
 * as their `s3:` URIs.
 */
export function dragAndDrop(explorer: Explorer): TreeDragAndDropController<Row> {
  // VS Code says that its own rows are dropped, not which; nothing else is dragged meanwhile.
  let dragged: Dragged | undefined;
  return {
    dropMimeTypes: [ROWS, URI_LIST, FILES],
    dragMimeTypes: [URI_LIST],
    async handleDrag(rows, transfer) {
      const { drag } = await import('./drops.ts');
      dragged = await drag(explorer, rows, transfer);
    },
    async handleDrop(target, transfer, token) {
      const own = transfer.get(ROWS) === undefined ? undefined : dragged;
      dragged = undefined;
      try {
        const { dropOn } = await import('./drops.ts');
        await dropOn(explorer, target, { own, transfer }, token);
      } catch (error) {
        if (isCancellation(error)) return;
        const { showError } = await import('../vscode/showError.ts');
        void showError(error, { doing: 'drop' });
      }
    },
  };
}
