import { l10n } from 'vscode';
import type { CopyOrder } from '../../aws/copies/copies.ts';
import { copyName } from '../../aws/copies/copyName.ts';
import type { CopySource } from '../../aws/copies/orders.ts';
import type { Session } from '../../services.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { isNameTaken } from './takenNames.ts';

/**
 * Copy orders that duplicate objects and prefixes next to themselves, each under the first free name.
 *
 * @param taken names that other orders will use
 */
export async function duplicateOrders(
  session: Session,
  sources: readonly CopySource[],
  taken: readonly string[] = [],
): Promise<CopyOrder[]> {
  const title = l10n.t('Looking for a free name');
  return await withCancellableProgress({ title }, async signal => {
    const names = new Set(taken);
    const orders: CopyOrder[] = [];
    // One after the other: two of them may want the same name.
    for (const source of sources) {
      const to = await freeCopyName(session, source, names, signal);
      names.add(to);
      orders.push({ ...source, to });
    }
    return orders;
  });
}

async function freeCopyName(
  session: Session,
  { bucket, key }: CopySource,
  taken: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<string> {
  for (let number = 1; ; number++) {
    const name = copyName(key, number);
    if (!taken.has(name) && !(await isNameTaken(session, bucket, name, signal))) return name;
  }
}
