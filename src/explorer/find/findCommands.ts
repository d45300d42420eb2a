import { Disposable, type TreeView } from 'vscode';
import { registerCommand } from '../../vscode/registerCommand.ts';
import type { Explorer } from '../explorer.ts';
import type { Row } from '../tree/rows.ts';
import type { SortOrder } from '../tree/sortRows.ts';
import { RememberedOrder } from './sortOrder.ts';

/** Going to an object, filtering and sorting rows, and loading all of them. */
export function registerFindCommands(explorer: Explorer, view: TreeView<Row>): Disposable {
  const order = new RememberedOrder(explorer.memory, explorer.tree);
  const sortBy = (id: 'S3' | 'Name' | 'Size' | 'Modified', by: SortOrder): Disposable =>
    registerCommand(`bucketBrigade.explorer.sortBy${id}`, () => order.set(by));
  return Disposable.from(
    registerCommand('bucketBrigade.explorer.reveal', async target => {
      const { reveal } = await import('./goTo.ts');
      await reveal(explorer, view, target);
    }),
    registerCommand('bucketBrigade.explorer.filter', async target => {
      const { filterRow } = await import('./filterRow.ts');
      await filterRow(explorer, view, target);
    }),
    registerCommand('bucketBrigade.explorer.clearFilter', async (target, selection) => {
      const { clearFilters } = await import('./filterRow.ts');
      clearFilters(explorer, selection ?? (target ? [target] : []));
    }),
    registerCommand('bucketBrigade.explorer.loadAll', async target => {
      const { loadAll } = await import('./loadAll.ts');
      return await loadAll(explorer, view, target);
    }),
    sortBy('S3', 's3'),
    sortBy('Name', 'name'),
    sortBy('Size', 'size'),
    sortBy('Modified', 'modified'),
  );
}
