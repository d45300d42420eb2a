import * as vscode from 'vscode';
import type { ChangedObjects, ObjectTag, S3Location } from '../../commands.ts';
import type { ConnectionChange, Services, Session } from '../../services.ts';
import { connectionIdOf } from '../../vscode/sessionOwner.ts';
import { RowChanges } from '../../vscode/rowChanges.ts';
import { markShown } from '../../vscode/shownRows.ts';
import { connectionItem } from '../../vscode/connectionItem.ts';
import type { DisabledNotifications } from '../notifications/disabledNotifications.ts';
import type { PinnedBuckets } from './pinnedBuckets.ts';
import { RowLoader } from './rowLoader.ts';
import { topId } from './topId.ts';
import {
  isFolder,
  isLocation,
  isObject,
  isParent,
  parentKey,
  prefixOf,
  tagRows,
  type ConnectionRow,
  type FolderRow,
  type LocationRow,
  type NotificationsRow,
  type ObjectRow,
  type PagedRow,
  type ParentRow,
  type Row,
} from './rows.ts';
import { MAX_PAGE, pageSize } from '../settings.ts';
import { treeItem } from './treeItems.ts';
import type { SortOrder } from './sortRows.ts';
import type { TreeState } from './treeState.ts';
import { TreeStates } from './treeStates.ts';
import { addVersionFlag } from './versionItems.ts';
import { VersionsShown } from './versionsShown.ts';

/**
 * The rows of the Buckets view: buckets → prefixes → objects → tags, and what each bucket notifies.
 * They are read as they are expanded.
 */
export class BucketsTree implements vscode.TreeDataProvider<Row>, vscode.Disposable {
  readonly #connections: Services['connections'];
  readonly #loader: RowLoader;
  readonly #changed = new RowChanges<Row>();
  readonly #read = new vscode.EventEmitter<boolean>();
  readonly #objects = new vscode.EventEmitter<ChangedObjects>();
  readonly #subscription: vscode.Disposable;
  readonly #versions = new VersionsShown();
  readonly #states = new TreeStates();

  readonly onDidChangeTreeData = this.#changed.event;
  /** Fires when the rows at the top have been read; tells whether there are none. */
  readonly onDidReadTop = this.#read.event;

  /** Fires when objects came, went or changed, shown here or not; tags count. */
  readonly onDidChangeObjects = this.#objects.event;

  constructor(
    connections: Services['connections'],
    pins: PinnedBuckets,
    disabled: DisabledNotifications,
  ) {
    this.#connections = connections;
    const [states, versions] = [this.#states, this.#versions];
    const of = { pins, disabled, states, versions };
    this.#loader = new RowLoader({
      ...{ states, versions, changed: this.#changed },
      newReader: async () => new (await import('./rowReader.ts')).RowReader(connections, of),
      onReadTop: isEmpty => this.#read.fire(isEmpty),
    });
    this.#subscription = connections.onDidChangeAny(change => this.#onChange(change));
    this.#states.follow(connections.opened);
  }

  dispose(): void {
    this.#states.leave();
    this.#subscription.dispose();
    this.#changed.dispose();
    this.#read.dispose();
    this.#objects.dispose();
  }

  /** The one session whose rows are shown; undefined before it is open, and where there are several. */
  get session(): Session | undefined {
    return this.#states.only?.session;
  }

  /** The session that a connection's rows were read with, if they were. */
  openSession(connectionId: string): Session | undefined {
    return this.#states.ofConnection(connectionId)?.session;
  }

  /** The session that a row was read with; undefined once its connection is closed or another's. */
  sessionOf(row: Row): Session | undefined {
    return this.#states.of(row)?.session;
  }

  #onChange({ id }: ConnectionChange): void {
    const root = id === undefined ? undefined : this.#states.root(id);
    if (id !== undefined) this.#states.leave(id);
    const isAnotherList = this.#states.follow(this.#connections.opened);
    // Of one connection alone only another session is of interest, not that it is the default.
    if (id === undefined && !isAnotherList && !this.#states.areSeveral) return;
    this.#changed.fire(isAnotherList ? undefined : root);
  }

  getTreeItem(row: Row): vscode.TreeItem {
    markShown(row);
    if (row.kind === 'connection') return this.#connectionItem(row);
    const item = treeItem(row, {
      beginsWith: this.filterOf(row),
      session: this.sessionOf(row),
    });
    if (isLocation(row)) addVersionFlag(item, this.#versions.of(row));
    if (row.kind === 'bucket' && this.#loader.hasNoFunctions(row)) {
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

  #connectionItem({ connectionId }: ConnectionRow): vscode.TreeItem {
    const { opened, current } = this.#connections;
    const connection = opened.find(({ id }) => id === connectionId);
    const session = this.#states.ofConnection(connectionId)?.session;
    return connectionItem(connectionId, {
      ...{ connection, session },
      isDefault: current?.id === connectionId,
    });
  }

  /** Milliseconds since rows changed or were read again; 0 while they are. */
  get quietFor(): number {
    return this.#changed.quietFor;
  }

  /** Never rejects: what goes wrong becomes a row. */
  async getChildren(row?: Row): Promise<Row[]> {
    return await this.#changed.reading(row, this.#rowsBelow(row));
  }

  async #rowsBelow(row: Row | undefined): Promise<Row[]> {
    if (!row && this.#states.areSeveral) {
      return this.#connections.opened.flatMap(({ id }) => this.#states.root(id) ?? []);
    }
    if (row && !isParent(row) && row.kind !== 'connection') return [];
    const state = row ? this.#states.of(row) : this.#states.only;
    if (!state) return [];
    return await this.#loader.children(state, row?.kind === 'connection' ? undefined : row);
  }

  /** The rows of a session's buckets, whether or not they are below its connection's. */
  async topRows(session: Session): Promise<Row[]> {
    const state = this.#states.ofConnection(session.connection.id);
    return state ? await this.#loader.children(state, undefined) : [];
  }

  /** Shows versions and delete markers below a bucket, prefix or object, or no longer does. */
  showVersions(row: LocationRow, isShown: boolean): void {
    this.#versions.set(row, isShown);
    this.#states.of(row)?.forget(row);
    this.#changed.fire(row);
  }

  /** Loads the next page below a row, or again the one that failed. */
  async loadMore(row: PagedRow): Promise<void> {
    const state = this.#states.of(row);
    const children = state?.children(row);
    if (!state || !children?.folder) return;
    await this.#loader.loadPage(state, row, children, pageSize());
    this.#loader.show(state, row, children);
  }

  /**
   * Loads page after page below a row, as long as there are more and `goOn` agrees to it. The
   * rows are shown once, at the end: VS Code takes all of them again each time.
   *
   * @param goOn called with how many are loaded
   */
  async loadAll(row: PagedRow, goOn: (loaded: number) => Promise<boolean>): Promise<void> {
    await this.getChildren(row);
    const state = this.#states.of(row);
    const children = state?.children(row);
    const folder = children?.folder;
    if (!state || !folder) return;
    const before = folder.size;
    while (folder.nextToken !== undefined && (await goOn(folder.size))) {
      await this.#loader.loadPage(state, row, children, MAX_PAGE);
      // It is shown as the row that loads more, and again.
      if (folder.error !== undefined) break;
    }
    if (folder.size !== before || folder.error !== undefined) {
      this.#loader.show(state, row, children);
    }
  }

  /** What the children of a row must begin with, where it is filtered. */
  filterOf(row: Row): string | undefined {
    return this.#states.of(row)?.filters.get(row.id);
  }

  /** Shows of a bucket or prefix only what begins with a text below it; all of it without one. */
  filter(row: FolderRow, beginsWith: string | undefined): void {
    const state = this.#states.of(row);
    if (!state) return;
    if (beginsWith) state.filters.set(row.id, beginsWith);
    else state.filters.delete(row.id);
    state.forget(row);
    this.#changed.fire(row);
  }

  /** Shows all of a row whose filter would hide a child that is looked for. */
  unfilterFor(row: FolderRow, child: string): void {
    const beginsWith = this.filterOf(row);
    if (beginsWith === undefined || child.startsWith(prefixOf(row) + beginsWith)) return;
    this.filter(row, undefined);
  }

  /** Sorts what is loaded, and what will be. */
  sort(order: SortOrder): void {
    if (order === this.#loader.order) return;
    this.#loader.order = order;
    for (const state of this.#states.all()) {
      state.eachFolder((children, folder) => (children.rows = folder.rows(order)));
    }
    this.#changed.fire(undefined);
  }

  /** How many rows of a bucket or prefix, or versions of an object, are loaded. */
  loaded(row: PagedRow): number {
    return this.#states.of(row)?.children(row)?.folder?.size ?? 0;
  }

  /** The row of a bucket or prefix, if it is shown. */
  folderAt({ session, bucket, key = '' }: S3Location): FolderRow | undefined {
    return this.#states
      .rows(isFolder)
      .find(
        row =>
          row.bucket === bucket &&
          (row.key ?? '') === key &&
          (session === undefined ? this.#isOfDefault(row) : row.session === session),
      );
  }

  #isOfDefault(row: FolderRow): boolean {
    return connectionIdOf(row.session) === this.#connections.current?.id;
  }

  /** Puts a row that was looked up by itself below its parent, before the page it belongs to. */
  insert(row: Exclude<LocationRow, { kind: 'bucket' }>): void {
    const state = this.#states.of(row);
    const children = state?.children(row.parent);
    if (!state || !children?.folder) return;
    children.folder.add([row]);
    children.rows = children.folder.rows(this.#loader.order);
    state.remember([row]);
    this.#changed.fire(row.parent);
  }

  /** Reads again: everything, or what is below the rows of one location. */
  refresh(target?: S3Location): void {
    if (!target) {
      for (const state of this.#states.all()) state.forget();
      this.#changed.fire(undefined);
      return;
    }
    const sameKey = (row: ParentRow): row is LocationRow =>
      isLocation(row) &&
      row.bucket === target.bucket &&
      (target.session === undefined || row.session === target.session) &&
      (row.key ?? '') === (target.key ?? '') &&
      (row.kind === 'object') === isObject(target);
    for (const row of this.#states.rows(sameKey)) this.#loader.refresh(row);
  }

  /** Reads the tags that are shown again, after a batch job wrote to whatever its manifest names. */
  refreshTags(): void {
    const isRead = (row: ParentRow): row is ObjectRow =>
      row.kind === 'object' && this.#states.of(row)?.children(row) !== undefined;
    for (const row of this.#states.rows(isRead)) this.#loader.refresh(row);
  }

  /** Reads again what a bucket notifies, or what all of them do. */
  refreshNotifications(bucket?: string): void {
    const isForBucket = (row: ParentRow): row is NotificationsRow =>
      row.kind === 'notifications' && (bucket === undefined || row.bucket === bucket);
    for (const row of this.#states.rows(isForBucket)) this.#loader.refresh(row);
  }

  /** Reads again what shows these keys, after objects came, went or changed. */
  async refreshKeys(bucket: string, keys: readonly string[]): Promise<void> {
    this.#objects.fire({ bucket, keys });
    await Promise.all(
      this.#states.all().map(async state => this.#refreshKeysIn(state, bucket, keys)),
    );
  }

  async #refreshKeysIn(state: TreeState, bucket: string, keys: readonly string[]): Promise<void> {
    const folders = state.foldersOf(bucket, keys);
    for (const row of folders) this.#loader.refresh(row);
    await Promise.all(
      folders.map(async row => {
        await state.children(row)?.ready;
        const isEmpty = state.children(row)?.folder?.size === 0;
        // A prefix lives by its objects: without any, it is gone from its parent too.
        if (isEmpty && row.kind === 'prefix')
          await this.#refreshKeysIn(state, bucket, [parentKey(row)]);
      }),
    );
  }

  /** Shows the tags an object now has, without asking AWS again; nothing if it is another account's. */
  showTags(session: Session, { bucket, key }: S3Location, tags: readonly ObjectTag[]): void {
    const state = this.#states.ofConnection(session.connection.id);
    if (!state?.session || topId(state.session) !== topId(session)) return;
    this.#objects.fire({ bucket, keys: [key ?? ''] });
    const isForObject = (row: ParentRow): row is ObjectRow =>
      row.kind === 'object' && row.bucket === bucket && row.key === key && !this.#versions.of(row);
    for (const row of state.rows(isForObject)) {
      state.setChildren(row, { ready: Promise.resolve(), rows: tagRows(row, tags) });
      this.#changed.fire(row);
    }
  }
}
