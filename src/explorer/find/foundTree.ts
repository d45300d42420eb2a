import * as vscode from 'vscode';
import { parentOf } from '../../aws/keySegments.ts';
import type { Services } from '../../services.ts';
import { formatCount } from '../../vscode/formats.ts';
import { ownerOf, sessionOf } from '../../vscode/sessionOwner.ts';
import { RowChanges } from '../../vscode/rowChanges.ts';
import { markShown } from '../../vscode/shownRows.ts';
import { visible } from '../../vscode/visibleText.ts';
import { readTags } from '../tree/readRows.ts';
import type { ErrorRow, ObjectRow, Row } from '../tree/rows.ts';
import { tooltipOf } from '../tree/tooltips.ts';
import { treeItem } from '../tree/treeItems.ts';
import type { Search } from './search.ts';

/** Stands last while more is found than shown. */
export interface MoreFoundRow {
  readonly kind: 'moreFound';
  readonly id: string;
  readonly shown: number;
  readonly hidden: number;
}

/** Objects look and work as in the Buckets view, their tags below them. */
export type FoundRow = Row | MoreFoundRow;

/** The rows of the Found Objects view. */
export class FoundTree implements vscode.TreeDataProvider<FoundRow> {
  readonly #connections: Services['connections'];
  readonly #changed = new RowChanges<FoundRow>();
  readonly onDidChangeTreeData = this.#changed.event;
  search: Search | undefined;

  constructor(connections: Services['connections']) {
    this.#connections = connections;
  }

  /** Reads again: all, or the tags of one object. */
  refresh(row?: ObjectRow): void {
    this.#changed.fire(row);
  }

  getTreeItem(row: FoundRow): vscode.TreeItem {
    markShown(row);
    if (row.kind === 'moreFound') return moreItem(row);
    if (row.kind === 'connection') throw new Error('Nothing stands below a connection here');
    const item = treeItem(row, { session: this.search?.input.session });
    return row.kind === 'object' ? this.#foundItem(row, item) : item;
  }

  resolveTreeItem(item: vscode.TreeItem, row: FoundRow): vscode.TreeItem {
    if (row.kind !== 'moreFound') item.tooltip = tooltipOf(row);
    return item;
  }

  /** A flat list: objects stand below no bucket here. */
  getParent(row: FoundRow): FoundRow | undefined {
    return row.kind === 'tag' || row.kind === 'empty' ? row.parent : undefined;
  }

  /** Milliseconds since rows changed or were read again; 0 while they are. */
  get quietFor(): number {
    return this.#changed.quietFor;
  }

  async getChildren(row?: FoundRow): Promise<FoundRow[]> {
    return await this.#changed.reading(row, this.#rowsBelow(row));
  }

  async #rowsBelow(row: FoundRow | undefined): Promise<FoundRow[]> {
    const { search } = this;
    if (!search) return [];
    if (row) return row.kind === 'object' ? await this.#tagsOf(search, row) : [];
    const { rows, hidden } = search;
    if (hidden === 0 || search.state === 'running') return [...rows];
    return [...rows, { kind: 'moreFound', id: 'found|more|', shown: rows.length, hidden }];
  }

  async #tagsOf({ input }: Search, row: ObjectRow): Promise<FoundRow[]> {
    try {
      const session = await sessionOf(this.#connections, ownerOf(input.session));
      return await readTags(session, row, AbortSignal.timeout(TAGS_MS));
    } catch (error) {
      const failed: ErrorRow = { kind: 'error', id: `${row.id}|error|`, error, doing: 'read' };
      return [failed];
    }
  }

  /** The name first, then where it is: long keys are cut at their end. */
  #foundItem(row: ObjectRow, item: vscode.TreeItem): vscode.TreeItem {
    const parent = parentOf(row.key);
    const bucket = (this.search?.input.listings.length ?? 0) > 1 ? `${row.bucket}/` : '';
    const place = visible(bucket + parent);
    item.label = visible(row.key.slice(parent.length));
    if (typeof item.description === 'string' && place !== '') {
      item.description = `${place} · ${item.description}`;
    }
    return item;
  }
}

/** Milliseconds that reading the tags of an object may take. */
const TAGS_MS = 60_000;

function moreItem({ id, shown, hidden }: MoreFoundRow): vscode.TreeItem {
  const title = vscode.l10n.t('Load more');
  const item = new vscode.TreeItem(title);
  item.id = id;
  item.contextValue = 'among';
  item.description = vscode.l10n.t(
    '{0} of {1} shown',
    formatCount(shown),
    formatCount(shown + hidden),
  );
  item.iconPath = new vscode.ThemeIcon('ellipsis');
  item.command = { command: 'bucketBrigade.find.loadMore', title };
  return item;
}
