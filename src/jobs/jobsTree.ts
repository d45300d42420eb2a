import {
  EventEmitter,
  l10n,
  ThemeColor,
  ThemeIcon,
  TreeItem,
  type Disposable,
  type TreeDataProvider,
} from 'vscode';
import type { Job } from '../aws/batchJobs/job.ts';
import type { CommandId } from '../commands.ts';
import type { Services } from '../services.ts';
import { isCancellation } from '../vscode/cancellation.ts';
import { describeError } from '../vscode/describeError.ts';
import { DisposableStore } from '../vscode/disposables.ts';
import { formatCount } from '../vscode/formats.ts';
import { markShown } from '../vscode/shownRows.ts';
import { makeVisible } from '../vscode/visibleText.ts';
import { jobFacts } from './jobFacts.ts';
import { jobItem, jobTooltip } from './jobItem.ts';
import type { JobList } from './jobList.ts';
import type { ActionRow, JobRow, Row } from './rows.ts';

/** The rows of the Batch Jobs view: jobs, and below each what matters of it. */
export class JobsTree implements TreeDataProvider<Row>, Disposable {
  readonly #list: JobList;
  readonly #connections: Services['connections'];
  readonly #onDidChange = new EventEmitter<Row | undefined>();
  readonly #disposables = new DisposableStore();
  /** One object per job for as long as it is listed: VS Code knows rows by identity. */
  readonly #rows = new Map<string, JobRow>();
  readonly #details = new Map<string, Job>();

  readonly onDidChangeTreeData = this.#onDidChange.event;

  constructor(list: JobList, connections: Services['connections']) {
    this.#list = list;
    this.#connections = connections;
    this.#disposables.add(this.#onDidChange);
    this.#disposables.add(list.onDidChange(ids => this.#refresh(ids)));
  }

  row(jobId: string): JobRow {
    let row = this.#rows.get(jobId);
    if (row === undefined) this.#rows.set(jobId, (row = { kind: 'job', jobId }));
    return row;
  }

  #refresh(ids: readonly string[] | undefined): void {
    if (ids === undefined) {
      const listed = new Set(this.#list.jobs?.map(job => job.jobId));
      for (const id of this.#rows.keys()) if (!listed.has(id)) this.#rows.delete(id);
      for (const id of this.#details.keys()) if (!listed.has(id)) this.#details.delete(id);
      this.#onDidChange.fire(undefined);
      return;
    }
    for (const id of ids) this.#onDidChange.fire(this.row(id));
  }

  getTreeItem(row: Row): TreeItem {
    markShown(row);
    if (row.kind !== 'job') return makeVisible(row.item);
    const job = this.#list.find(row.jobId);
    return job ? jobItem(job, this.#details.get(row.jobId)) : new TreeItem(row.jobId);
  }

  resolveTreeItem(item: TreeItem, row: Row): TreeItem {
    const job = row.kind === 'job' ? this.#list.find(row.jobId) : undefined;
    if (job !== undefined) item.tooltip = jobTooltip(job, this.#details.get(job.jobId));
    return item;
  }

  getParent(row: Row): Row | undefined {
    return row.kind === 'job' ? undefined : row.parent;
  }

  async getChildren(row?: Row): Promise<Row[]> {
    if (row === undefined) return await this.#jobs();
    if (row.kind === 'job') return await this.#facts(row);
    return row.kind === 'fact' ? [...row.children] : [];
  }

  async #jobs(): Promise<Row[]> {
    if (this.#connections.current === undefined) return [];
    if (this.#list.jobs === undefined) {
      try {
        await this.#list.read();
      } catch (error) {
        return isCancellation(error) ? [] : [errorRow(error, 'bucketBrigade.jobs.refresh')];
      }
    }
    const jobs = this.#list.jobs ?? [];
    const rows: Row[] = jobs.map(job => this.row(job.jobId));
    return this.#list.older > 0 ? [...rows, loadMoreRow(this.#list.older)] : rows;
  }

  async #facts(row: JobRow): Promise<Row[]> {
    try {
      const job = await this.#list.describe(row.jobId);
      this.#details.set(row.jobId, job);
      return jobFacts(row, job);
    } catch (error) {
      if (isCancellation(error)) return [];
      return [errorRow(error, 'bucketBrigade.jobs.refresh', row)];
    }
  }

  dispose(): void {
    this.#disposables.dispose();
  }
}

/** Errors are rows: they stay where the data is missing, and say how to try again. */
function errorRow(error: unknown, retry: CommandId, parent?: JobRow): ActionRow {
  const item = new TreeItem(describeError(error));
  item.iconPath = new ThemeIcon('error', new ThemeColor('list.errorForeground'));
  item.description = l10n.t('Click to retry');
  item.tooltip = describeError(error);
  item.command = { command: retry, title: l10n.t('Retry') };
  return { kind: 'action', item, ...(parent && { parent }) };
}

function loadMoreRow(older: number): ActionRow {
  const item = new TreeItem(l10n.t('Load More…'));
  item.iconPath = new ThemeIcon('ellipsis');
  item.description =
    older === 1 ? l10n.t('1 older job') : l10n.t('{0} older jobs', formatCount(older));
  item.command = { command: 'bucketBrigade.jobs.loadMore', title: l10n.t('Load More') };
  return { kind: 'action', item };
}
