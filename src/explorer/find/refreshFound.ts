import type { Session } from '../../services.ts';
import { ownerOf, sessionOf } from '../../vscode/sessionOwner.ts';
import type { Explorer } from '../explorer.ts';
import { readChild } from '../tree/readRows.ts';
import type { ObjectRow } from '../tree/rows.ts';

/** Of more that changed at once, the rest is seen when it is found again. */
const MAX_ROWS = 500;
/** Requests at a time. */
const AT_A_TIME = 16;

/** How the objects of rows are now; undefined for those that are no more. What fails stays as it is. */
export async function refreshFound(
  { connections }: Pick<Explorer, 'connections'>,
  owner: Session,
  rows: readonly ObjectRow[],
): Promise<ReadonlyMap<ObjectRow, ObjectRow | undefined>> {
  const now = new Map<ObjectRow, ObjectRow | undefined>();
  const queue = rows.slice(0, MAX_ROWS);
  const lane = async (): Promise<void> => {
    for (let row = queue.shift(); row; row = queue.shift()) {
      // A marker's own name lists the prefix that it marks.
      if (row.key.endsWith('/')) continue;
      try {
        const session = await sessionOf(connections, ownerOf(owner));
        const signal = new AbortController().signal;
        const found = await readChild(session, row.parent, row.key, signal);
        now.set(row, found?.kind === 'object' ? { ...found, id: row.id } : undefined);
      } catch {
        return;
      }
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, lane));
  return now;
}
