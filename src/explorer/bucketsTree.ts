import * as vscode from 'vscode';
import type { ObjectTag, S3Location } from '../commands.ts';
import type { Services, Session } from '../services.ts';
import { isCancellation, isSandboxStopped } from '../vscode/cancellation.ts';
import { markShown } from '../vscode/shownRows.ts';
import type { DisabledNotifications } from './notifications/disabledNotifications.ts';
import { readNotificationRows } from './notifications/notificationRows.ts';
import type { PinnedBuckets } from './pinnedBuckets.ts';
import { readBuckets, readPage, readTags, topId } from './readRows.ts';
import {
  isFolder,
  isObject,
  isParent,
  mayNameFunction,
  notificationsRow,
  prefixOf,
  tagRows,
  type BucketRow,
  type FolderRow,
  type LocationRow,
  type NotificationsRow,
  type ObjectRow,
  type ParentRow,
  type Row,
} from './rows.ts';
import { pageSize } from './settings.ts';
import { treeItem } from './treeItems.ts';
import { FolderContents, TreeState, type Children } from './treeState.ts';

/** ListObjectsV2 answers at most this many keys, whatever is asked for. */
const MAX_PAGE = 1000;

/**
 * The rows of the Buckets view: buckets → prefixes → objects → tags, and what each bucket notifies.
 * They are read as they are expanded.
 */
export class BucketsTree implements vscode.TreeDataProvider<Row>, vscode.Disposable {
  readonly #connections: Services['connections'];
  readonly #pins: PinnedBuckets;
  readonly #disabled: DisabledNotifications;
  readonly #changed = new vscode.EventEmitter<Row | undefined>();
  readonly #read = new vscode.EventEmitter<boolean>();
  readonly #subscription: vscode.Disposable;
  #state = new TreeState();

  readonly onDidChangeTreeData = this.#changed.event;
  /** Fires when the rows at the top have been read; tells whether there are none. */
  readonly onDidReadTop = this.#read.event;

  constructor(
    connections: Services['connections'],
    pins: PinnedBuckets,
    disabled: DisabledNotifications,
  ) {
    this.#connections = connections;
    this.#pins = pins;
    this.#disabled = disabled;
    this.#subscription = connections.onDidChange(() => this.#startAgain());
  }

  dispose(): void {
    this.#state.leave();
    this.#subscription.dispose();
    this.#changed.dispose();
    this.#read.dispose();
  }

  /** The session whose rows are shown; undefined before it is open. */
  get session(): Session | undefined {
    return this.#state.session;
  }

  #startAgain(): void {
    this.#state.leave();
    this.#state = new TreeState();
    this.#changed.fire(undefined);
  }

  getTreeItem(row: Row): vscode.TreeItem {
    markShown(row);
    const item = treeItem(row);
    if (row.kind === 'bucket' && this.#hasNoFunctions(this.#state, row)) {
      item.contextValue = `${item.contextValue ?? ''} noFunctions`;
    }
    return item;
  }

  async resolveTreeItem(item: vscode.TreeItem, row: Row): Promise<vscode.TreeItem> {
    const { tooltipOf } = await import('./tooltips.ts');
    item.tooltip = tooltipOf(row);
    return item;
  }

  getParent(row: Row): Row | undefined {
    return row.parent;
  }

  /** Never rejects: what goes wrong becomes a row. */
  async getChildren(row?: Row): Promise<Row[]> {
    if (row && !isParent(row)) return [];
    const state = this.#state;
    const children = state.children(row) ?? this.#load(state, row);
    await children.ready;
    if (state !== this.#state) return [];
    // Refreshed while this was under way: what counts is what came after.
    return state.children(row) === children ? [...children.rows] : await this.getChildren(row);
  }

  #load(state: TreeState, row: ParentRow | undefined, atLeast = 0): Children {
    const children: Children = { rows: [], ready: Promise.resolve() };
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
      children.rows = await this.#readTop(state);
    } else if (isFolder(row)) {
      children.folder = new FolderContents(row);
      await this.#readFolder(state, row, children, Math.max(atLeast, pageSize()));
      if (row.kind === 'bucket') void this.#readAhead(state, row);
    } else {
      children.rows = await this.#readDetails(state, row);
    }
    if (state.children(row) === children) state.remember(children.rows);
    if (!row && state === this.#state) this.#read.fire(children.rows.length === 0);
  }

  async #readTop(state: TreeState): Promise<readonly Row[]> {
    if (!this.#connections.current) return [];
    try {
      state.session = await this.#connections.session(state.signal);
      return await readBuckets(state.session, this.#pins, state.signal);
    } catch (error) {
      // The view's welcome offers to start it.
      if (isCancellation(error) || isSandboxStopped(error)) return [];
      return [{ kind: 'error', id: 'error', error, doing: 'connect' }];
    }
  }

  /** The session of now, of the same account: one that a sandbox died under is replaced when asked. */
  async #sessionOf(state: TreeState): Promise<Session> {
    const session = await this.#connections.session(state.signal);
    if (state.session && topId(state.session) !== topId(session)) return state.session;
    state.session = session;
    return session;
  }

  /** The tags of an object, or what a bucket notifies. */
  async #readDetails(state: TreeState, row: ObjectRow | NotificationsRow): Promise<readonly Row[]> {
    try {
      const session = await this.#sessionOf(state);
      return row.kind === 'object'
        ? await readTags(session, row, state.signal)
        : await readNotificationRows(session, row, this.#disabled, state.signal);
    } catch (error) {
      return [{ kind: 'error', id: `${row.id}|error|`, parent: row, error, doing: 'read' }];
    }
  }

  async #readFolder(
    state: TreeState,
    row: FolderRow,
    children: Children,
    size: number,
  ): Promise<void> {
    const folder = (children.folder ??= new FolderContents(row));
    try {
      const page = {
        size: Math.min(size, MAX_PAGE),
        ...(folder.nextToken && { token: folder.nextToken }),
      };
      const session = await this.#sessionOf(state);
      const { entries, nextToken } = await readPage(session, row, page, state.signal);
      folder.add(entries);
      folder.nextToken = nextToken;
      folder.error = undefined;
    } catch (error) {
      folder.error = error;
    }
    children.rows = folder.rows();
  }

  /** Whether it is known that a bucket invokes no function: its menu then offers nothing that needs one. */
  #hasNoFunctions(state: TreeState, row: BucketRow): boolean {
    const notifications = notificationsRow(row);
    const rows = (notifications && state.children(notifications)?.rows) ?? [];
    return rows.length > 0 && !rows.some(mayNameFunction);
  }

  /** Reads what an opened bucket notifies ahead of its row being opened. */
  async #readAhead(state: TreeState, row: BucketRow): Promise<void> {
    const notifications = notificationsRow(row);
    if (!notifications || state.children(notifications)) return;
    await this.#load(state, notifications).ready;
    if (state === this.#state && this.#hasNoFunctions(state, row)) this.#changed.fire(row);
  }

  /** Loads the next page below a bucket or prefix, or again the one that failed. */
  async loadMore(row: FolderRow): Promise<void> {
    const state = this.#state;
    const children = state.children(row);
    if (!children) return;
    children.more ??= this.#readFolder(state, row, children, pageSize()).finally(() => {
      children.more = undefined;
    });
    await children.more;
    state.remember(children.rows);
    if (state === this.#state) this.#changed.fire(row);
  }

  /** How many prefixes and objects of a bucket or prefix are loaded. */
  loaded(row: FolderRow): number {
    return this.#state.children(row)?.folder?.size ?? 0;
  }

  /** The row of a bucket or prefix, if it is shown. */
  folderAt({ bucket, key = '' }: S3Location): FolderRow | undefined {
    return this.#state.rows(isFolder).find(row => row.bucket === bucket && (row.key ?? '') === key);
  }

  /** Puts a row that was looked up by itself below its parent, before the page it belongs to. */
  insert(row: Exclude<LocationRow, { kind: 'bucket' }>): void {
    const children = this.#state.children(row.parent);
    if (!children?.folder) return;
    children.folder.add([row]);
    children.rows = children.folder.rows();
    this.#state.remember([row]);
    this.#changed.fire(row.parent);
  }

  /** Reads again: everything, or what is below the rows of one location. */
  refresh(target?: S3Location): void {
    if (!target) {
      this.#state.forget();
      this.#changed.fire(undefined);
      return;
    }
    const sameKey = (row: ParentRow): row is LocationRow =>
      row.kind !== 'notifications' &&
      row.bucket === target.bucket &&
      (row.key ?? '') === (target.key ?? '') &&
      (row.kind === 'object') === isObject(target);
    for (const row of this.#state.rows(sameKey)) this.#refreshRow(row);
  }

  /** Reads the tags that are shown again, after a batch job wrote to whatever its manifest names. */
  refreshTags(): void {
    const isRead = (row: ParentRow): row is ObjectRow =>
      row.kind === 'object' && this.#state.children(row) !== undefined;
    for (const row of this.#state.rows(isRead)) this.#refreshRow(row);
  }

  /** Reads again what a bucket notifies, or what all of them do. */
  refreshNotifications(bucket?: string): void {
    const isIt = (row: ParentRow): row is NotificationsRow =>
      row.kind === 'notifications' && (bucket === undefined || row.bucket === bucket);
    for (const row of this.#state.rows(isIt)) this.#refreshRow(row);
  }

  #refreshRow(row: ParentRow): void {
    const loaded = this.#state.children(row)?.folder?.size ?? 0;
    this.#state.forget(row);
    // As many rows as were shown, so that the place one was at does not vanish.
    if (loaded > 0) this.#load(this.#state, row, loaded);
    this.#changed.fire(row);
  }

  /** Reads again what shows these keys, after objects came, went or changed. */
  async refreshKeys(bucket: string, keys: readonly string[]): Promise<void> {
    const state = this.#state;
    const folders = state.foldersOf(bucket, keys);
    for (const row of folders) this.#refreshRow(row);
    await Promise.all(
      folders.map(async row => {
        await state.children(row)?.ready;
        const isEmpty = state.children(row)?.folder?.size === 0;
        // A prefix lives by its objects: without any, it is gone from its parent too.
        if (isEmpty && row.kind === 'prefix') await this.refreshKeys(bucket, [parentKey(row)]);
      }),
    );
  }

  /** Shows the tags an object now has, without asking AWS again; nothing if it is another account's. */
  showTags(session: Session, { bucket, key }: S3Location, tags: readonly ObjectTag[]): void {
    const shown = this.#state.session;
    if (!shown || topId(shown) !== topId(session)) return;
    const isIt = (row: ParentRow): row is ObjectRow =>
      row.kind === 'object' && row.bucket === bucket && row.key === key;
    for (const row of this.#state.rows(isIt)) {
      this.#state.setChildren(row, { ready: Promise.resolve(), rows: tagRows(row, tags) });
      this.#changed.fire(row);
    }
  }
}

/** A key directly below the parent of a prefix, so that the parent is the innermost that lists it. */
function parentKey(row: FolderRow): string {
  return row.parent ? prefixOf(row.parent) : '';
}
