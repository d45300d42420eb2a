import type { DeleteObjectsResult } from '../../aws/deletion/deleteObjects.ts';
import type { UndoDeleteResult } from '../../aws/deletion/undoDelete.ts';
import type { Explorer } from '../explorer.ts';
import { showDeleteResult } from './showDeleteResult.ts';
import { idOfFolder, PastDeletes, showAgain } from './pastDeletes.ts';
import { showUndoResult } from './undoDelete.ts';

/** Says what became of a delete that nobody waits for any more. */
export async function deleteHasEnded(
  explorer: Explorer,
  folder: string,
  result: DeleteObjectsResult,
): Promise<void> {
  const id = idOfFolder(folder);
  const past = await new PastDeletes(explorer.storage).read(id);
  if (!past) return;
  showAgain(explorer.tree, past);
  await showDeleteResult(explorer, { id, past, result, scope: { objects: [], prefixes: [] } });
}

/** The same of an undoing. */
export async function undoHasEnded(
  explorer: Explorer,
  folder: string,
  result: UndoDeleteResult,
): Promise<void> {
  const id = idOfFolder(folder);
  const past = await new PastDeletes(explorer.storage).read(id);
  if (!past) return;
  showAgain(explorer.tree, past);
  await showUndoResult(explorer, id, past, result);
}
