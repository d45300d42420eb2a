import { pageSize } from '../settings.ts';
import type { RowChanges } from '../../vscode/rowChanges.ts';
import { FolderContents } from './folderContents.ts';
import type { RowReader } from './rowReader.ts';
import {
  isFolder,
  isPaged,
  mayNameFunction,
  notificationsRow,
  type BucketRow,
  type PagedRow,
  type ParentRow,
  type Row,
} from './rows.ts';
import type { SortOrder } from './sortRows.ts';
import type { Children, TreeState } from './treeState.ts';
import type { TreeStates } from './treeStates.ts';
import type { VersionsShown } from './versionsShown.ts';

interface LoadFor {
  readonly states: TreeStates;
  readonly versions: VersionsShown;
  readonly changed: RowChanges<Row>;
  readonly newReader: () => Promise<RowReader>;
  /** The rows at the top have been read. */
  readonly onReadTop: (isEmpty: boolean) => void;
}

/** Has rows read as they are asked for, keeps them in the state of their connection, and reads them again. */
export class RowLoader {
  readonly #of: LoadFor;
  #reader: Promise<RowReader> | undefined;
  order: SortOrder = 's3';

  constructor(of: LoadFor) {
    this.#of = of;
  }

  /** The rows below one, or at the top of a connection; read where they are not yet. */
  async children(state: TreeState, row: ParentRow | undefined): Promise<Row[]> {
    const children = state.children(row) ?? this.#load(state, row);
    await children.ready;
    if (!this.#of.states.isCurrent(state)) return [];
    // Refreshed while this was under way: what counts is what came after.
    return state.children(row) === children ? [...children.rows] : await this.children(state, row);
  }

  /** Loaded with the first rows that are read. */
  #rowReader(): Promise<RowReader> {
    return (this.#reader ??= this.#of.newReader());
  }

  #load(state: TreeState, row: ParentRow | undefined, atLeast = 0): Children {
    const children: Children = { rows: [], ready: Promise.resolve(), atLeast };
    children.ready = this.#fill(state, row, children, atLeast);
    state.setChildren(row, children);
    return children;
  }

  async #fill(
    state: TreeState,
    row: ParentRow | undefined,
    children: Children,
    atLeast: number,
  ): Promise<void> {
    if (!row) {
      children.rows = await (await this.#rowReader()).top(state);
    } else if (isFolder(row) || (isPaged(row) && this.#of.versions.of(row))) {
      children.folder = new FolderContents(row, state.filters.get(row.id));
      await (
        await this.#rowReader()
      ).folder(state, row, children.folder, Math.max(atLeast, pageSize()));
      children.rows = children.folder.rows(this.order);
      if (row.kind === 'bucket') void this.#readAhead(state, row);
    } else if (row.kind !== 'deleted') {
      children.rows = await (await this.#rowReader()).details(state, row);
    }
    if (state.children(row) === children) state.remember(children.rows);
    if (row || !this.#of.states.isCurrent(state)) return;
    this.#of.onReadTop(!this.#of.states.areSeveral && children.rows.length === 0);
    // Its account is known now.
    if (this.#of.states.areSeveral) this.#of.changed.fire(this.#of.states.root(state.connectionId));
  }

  /** Whether it is known that a bucket invokes no function: its menu then offers nothing that needs one. */
  hasNoFunctions(row: BucketRow): boolean {
    const notifications = notificationsRow(row);
    const rows = (notifications && this.#of.states.of(row)?.children(notifications)?.rows) ?? [];
    return rows.length > 0 && !rows.some(mayNameFunction);
  }

  /** Reads what an opened bucket notifies ahead of its row being opened. */
  async #readAhead(state: TreeState, row: BucketRow): Promise<void> {
    const notifications = notificationsRow(row);
    if (!notifications || state.children(notifications)) return;
    await this.#load(state, notifications).ready;
    if (this.#of.states.isCurrent(state) && this.hasNoFunctions(row)) this.#of.changed.fire(row);
  }

  /** Adds the next page below a row to what is loaded; `show` shows it. */
  async loadPage(state: TreeState, row: PagedRow, children: Children, size: number): Promise<void> {
    const folder = (children.folder ??= new FolderContents(row));
    const reader = this.#rowReader();
    children.more ??= reader
      .then(async one => one.folder(state, row, folder, size))
      .finally(() => {
        children.more = undefined;
      });
    await children.more;
  }

  /** Has VS Code take what is loaded below a row. */
  show(state: TreeState, row: PagedRow, children: Children): void {
    // Refreshed or left meanwhile: others are shown.
    if (!children.folder || !this.#of.states.isCurrent(state) || state.children(row) !== children)
      return;
    children.rows = children.folder.rows(this.order);
    state.remember(children.rows);
    this.#of.changed.fire(row);
  }

  /** Reads again what is below a row. */
  refresh(row: ParentRow): void {
    const state = this.#of.states.of(row);
    if (!state) return;
    const { folder, atLeast = 0 } = state.children(row) ?? {};
    const loaded = Math.max(folder?.size ?? 0, atLeast);
    state.forget(row);
    if (loaded === 0) {
      this.#of.changed.fire(row);
      return;
    }
    // As many rows as were shown, so that the place one was at does not vanish. VS Code is told when
    // they are read: until it has them, it would show rows that it knows no more.
    const children = this.#load(state, row, loaded);
    void children.ready.then(() => {
      if (state.children(row) === children) this.#of.changed.fire(row);
    });
  }
}
