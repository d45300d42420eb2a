import { EventEmitter, TreeItem, type Disposable, type TreeDataProvider } from 'vscode';
import type { JobTarget } from '../../commands.ts';
import type { Services } from '../../services.ts';
import { connectionItem } from '../../vscode/connectionItem.ts';
import { DisposableStore } from '../../vscode/disposables.ts';
import { markShown } from '../../vscode/shownRows.ts';
import type { JobList } from '../jobList.ts';
import type { JobLists, ListChange } from '../jobLists.ts';
import type { JobRows } from './jobRows.ts';
import type { ConnectionRow, JobRow, Row } from './rows.ts';

/** A list's rows; what reads and draws them is loaded when they are first shown. */
interface Branch {
  readonly list: JobList;
  /** Where several connections are open. */
  readonly root: ConnectionRow | undefined;
  rows?: Promise<JobRows>;
}

/** The rows of the Batch Jobs view: a connection each where several are open, and below it its jobs. */
export class JobsTree implements TreeDataProvider<Row>, Disposable {
  readonly #lists: JobLists;
  readonly #connections: Services['connections'];
  readonly #onDidChange = new EventEmitter<Row | undefined>();
  readonly #disposables = new DisposableStore();
  #areSeveral = false;
  #branches = new Map<string, Branch>();

  readonly onDidChangeTreeData = this.#onDidChange.event;

  constructor(lists: JobLists, connections: Services['connections']) {
    this.#lists = lists;
    this.#connections = connections;
    this.#disposables.add(this.#onDidChange);
    this.#disposables.add(lists.onDidChange(change => this.#refresh(change)));
    this.#follow();
  }

  /** The row of a job that is listed. */
  async rowOf(target: JobTarget): Promise<JobRow | undefined> {
    const list = this.#lists.of(target);
    const job = list.find(target);
    const branch = [...this.#branches.values()].find(one => one.list === list);
    return job && branch && (await this.#rows(branch)).row(job);
  }

  /** Rows stay as long as their list and their place, at the top or below a connection. */
  #follow(): void {
    const { all } = this.#lists;
    const areSeveral = all.size > 1;
    const before = this.#areSeveral === areSeveral ? this.#branches : new Map<string, Branch>();
    this.#areSeveral = areSeveral;
    this.#branches = new Map(
      [...all].map(([connectionId, list]) => {
        const known = before.get(connectionId);
        const root = areSeveral ? ({ kind: 'connection', connectionId } as const) : undefined;
        return [connectionId, known?.list === list ? known : { list, root }];
      }),
    );
  }

  #refresh(change: ListChange | undefined): void {
    if (!change) {
      this.#follow();
      this.#onDidChange.fire(undefined);
      return;
    }
    const branch = [...this.#branches.values()].find(({ list }) => list === change.list);
    if (!change.jobs) this.#onDidChange.fire(branch?.root);
    else void branch?.rows?.then(rows => rows.redraw(change.jobs ?? []));
  }

  #branchOf(row: Row): Branch | undefined {
    if (row.kind === 'connection') return this.#branches.get(row.connectionId);
    if (row.parent) return this.#branchOf(row.parent);
    const [only] = this.#branches.values();
    return only?.root ? undefined : only;
  }

  async #rows(branch: Branch): Promise<JobRows> {
    return await (branch.rows ??= import('./jobRows.ts').then(
      ({ JobRows }) => new JobRows(branch.list, branch.root, row => this.#onDidChange.fire(row)),
    ));
  }

  async getTreeItem(row: Row): Promise<TreeItem> {
    markShown(row);
    if (row.kind === 'connection') return this.#connectionItem(row);
    const branch = this.#branchOf(row);
    return branch ? (await this.#rows(branch)).item(row) : new TreeItem('');
  }

  #connectionItem({ connectionId }: ConnectionRow): TreeItem {
    const { opened, current } = this.#connections;
    return connectionItem(connectionId, {
      connection: opened.find(({ id }) => id === connectionId),
      session: this.#branches.get(connectionId)?.list.session,
      isDefault: current?.id === connectionId,
    });
  }

  async resolveTreeItem(item: TreeItem, row: Row): Promise<TreeItem> {
    const branch = row.kind === 'job' ? this.#branchOf(row) : undefined;
    const rows = branch && (await this.#rows(branch));
    if (row.kind === 'job') item.tooltip = rows?.tooltip(row);
    return item;
  }

  getParent(row: Row): Row | undefined {
    return row.kind === 'connection' ? undefined : row.parent;
  }

  async getChildren(row?: Row): Promise<Row[]> {
    if (!row && this.#areSeveral) {
      return [...this.#branches.values()].flatMap(({ root }) => root ?? []);
    }
    const branch = row ? this.#branchOf(row) : [...this.#branches.values()][0];
    if (!branch) return [];
    const rows = await this.#rows(branch);
    return row && row.kind !== 'connection' ? await rows.below(row) : await rows.top();
  }

  dispose(): void {
    this.#branches.clear();
    this.#disposables.dispose();
  }
}
