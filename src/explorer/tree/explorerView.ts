import * as vscode from 'vscode';
import type { Services } from '../../services.ts';
import { accountText } from '../../vscode/accountText.ts';
import { ContextKey } from '../../vscode/contextKey.ts';
import type { DisposableStore } from '../../vscode/disposables.ts';
import { followSelection } from '../../vscode/shownRows.ts';
import type { BucketsTree } from './bucketsTree.ts';
import type { Row } from './rows.ts';

export const BUCKETS_VIEW = 'bucketBrigade.buckets';

/** The Buckets view: says whose buckets it shows, and when there are none. */
export function createExplorerView(
  tree: BucketsTree,
  connections: Services['connections'],
  dragAndDropController: vscode.TreeDragAndDropController<Row>,
  disposables: DisposableStore,
): vscode.TreeView<Row> {
  const noBuckets = new ContextKey('bucketBrigade:noBuckets');
  const treeView = disposables.add(
    vscode.window.createTreeView(BUCKETS_VIEW, {
      treeDataProvider: tree,
      canSelectMany: true,
      showCollapseAll: true,
      dragAndDropController,
    }),
  );
  disposables.add(
    followSelection(BUCKETS_VIEW, {
      get selection() {
        return treeView.selection;
      },
      get quietFor() {
        return tree.quietFor;
      },
    }),
  );
  disposables.add(
    connections.onDidChangeAny(() => {
      treeView.description = undefined;
      noBuckets.value = false;
    }),
  );
  disposables.add(
    tree.onDidReadTop(isEmpty => {
      const { session } = tree;
      treeView.description = session
        ? `${session.connection.label} · ${accountText(session.identity)}`
        : undefined;
      noBuckets.value = isEmpty && session !== undefined;
    }),
  );
  return treeView;
}
