import { Disposable, type TreeView } from 'vscode';
import { registerCommand } from '../../vscode/registerCommand.ts';
import type { Explorer } from '../explorer.ts';
import type { Row } from '../tree/rows.ts';

/** What is done with versions and delete markers; the code is loaded when one of them is first run. */
export function registerVersionCommands(explorer: Explorer, view: TreeView<Row>): Disposable {
  const load = () => import('./runVersionCommands.ts');
  const all = <T>(target: T | undefined, selection: readonly T[] | undefined): readonly T[] =>
    selection ?? (target === undefined ? [] : [target]);
  return Disposable.from(
    registerCommand('bucketBrigade.versions.show', async (target, selection) =>
      (await load()).showVersions(explorer, view, target, selection),
    ),
    registerCommand('bucketBrigade.versions.hide', async (...given) =>
      (await load()).hideVersions(explorer, view, all(...given)),
    ),
    registerCommand('bucketBrigade.versions.open', async (...given) =>
      (await load()).openVersions(explorer, all(...given)),
    ),
    registerCommand('bucketBrigade.versions.compareWithCurrent', async target =>
      (await load()).compareWithCurrent(explorer, target),
    ),
    registerCommand('bucketBrigade.versions.compareSelected', async (...given) =>
      (await load()).compareSelected(explorer, all(...given)),
    ),
    registerCommand('bucketBrigade.versions.restore', async (...given) =>
      (await load()).restoreVersions(explorer, all(...given)),
    ),
    registerCommand('bucketBrigade.versions.undelete', async (...given) =>
      (await load()).undelete(explorer, all(...given)),
    ),
    registerCommand('bucketBrigade.versions.delete', async (...given) =>
      (await load()).deleteVersionsPermanently(explorer, all(...given)),
    ),
    registerCommand('bucketBrigade.versions.download', async (...given) =>
      (await load()).downloadVersions(explorer, all(...given)),
    ),
    registerCommand('bucketBrigade.versions.copyId', async (...given) =>
      (await load()).copyVersionIds(all(...given)),
    ),
    registerCommand('bucketBrigade.versions.copyS3Uri', async (...given) =>
      (await load()).copyVersionUris(all(...given)),
    ),
  );
}
