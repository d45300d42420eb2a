import type { DeleteObjectsResult } from '../../aws/deletion/deleteObjects.ts';
import type { UndoDeleteResult } from '../../aws/deletion/undoDelete.ts';
import type { Explorer } from '../explorer.ts';
import { showDeleteResult } from './showDeleteResult.ts';
import { idOfFolder, DeleteHistory, refreshDeleted } from './deleteHistory.ts';
import { showUndoResult } from './undoDelete.ts';

/** Shows the result of a delete that ended while nothing waited for it: after a reload, for instance. */
export async function presentEndedDelete(
  explorer: Explorer,
  folder: string,
  result: DeleteObjectsResult,
): Promise<void> {
  const id = idOfFolder(folder);
  const past = await new DeleteHistory(explorer.storage).read(id);
  if (!past) return;
  refreshDeleted(explorer.tree, past);
  await showDeleteResult(explorer, { id, past, result, scope: { objects: [], prefixes: [] } });
}

/** Shows the result of an undo that ended while nothing waited for it. */
export async function presentEndedUndo(
  explorer: Explorer,
  folder: string,
  result: UndoDeleteResult,
): Promise<void> {
  const id = idOfFolder(folder);
  const past = await new DeleteHistory(explorer.storage).read(id);
  if (!past) return;
  refreshDeleted(explorer.tree, past);
  await showUndoResult(explorer, id, past, result);
}
