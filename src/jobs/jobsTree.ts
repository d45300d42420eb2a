import {
  EventEmitter,
  l10n,
  ThemeColor,
  ThemeIcon,
  TreeItem,
  type Disposable,
  type TreeDataProvider,
} from 'vscode';
import type { JobSummary } from '../aws/batchJobs/job.ts';
import type { CommandId, JobTarget } from '../commands.ts';
import type { Services } from '../services.ts';
import { isCancellation, isSandboxStopped } from '../vscode/cancellation.ts';
import { describeError } from '../vscode/describeError.ts';
import { DisposableStore } from '../vscode/disposables.ts';
import { formatCount } from '../vscode/formats.ts';
import { markShown } from '../vscode/shownRows.ts';
import { makeVisible } from '../vscode/visibleText.ts';
import { jobItem, jobTooltip } from './jobItem.ts';
import { jobKey } from './jobKey.ts';
import type { JobList } from './jobList.ts';
import type { RegionFailure } from './regionalJobs.ts';
import type { ActionRow, JobRow, Row } from './rows.ts';

/** The rows of the Batch Jobs view: jobs, and below each what matters of it. */
export class JobsTree implements TreeDataProvider<Row>, Disposable {
  readonly #list: JobList;
  readonly #connections: Services['connections'];
  readonly #onDidChange = new EventEmitter<Row | undefined>();
  readonly #disposables = new DisposableStore();
  /** One object per job for as long as it is listed: VS Code knows rows by identity. */
  readonly #rows = new Map<string, JobRow>();
  /** Jobs that are being asked what to call them. */
  readonly #naming = new Set<string>();
  #disposed = false;

  readonly onDidChangeTreeData = this.#onDidChange.event;

  constructor(list: JobList, connections: Services['connections']) {
    this.#list = list;
    this.#connections = connections;
    this.#disposables.add(this.#onDidChange);
    this.#disposables.add(list.onDidChange(ids => this.#refresh(ids)));
  }

  row(job: JobSummary): JobRow {
    const key = jobKey(job);
    let row = this.#rows.get(key);
    if (row === undefined) {
      row = { kind: 'job', ...this.#list.targetOf(job), region: job.region };
      this.#rows.set(key, row);
    }
    return row;
  }

  #refresh(changed: readonly JobTarget[] | undefined): void {
    if (changed === undefined) {
      const listed = new Set(this.#list.jobs?.map(jobKey));
      for (const key of this.#rows.keys()) if (!listed.has(key)) this.#rows.delete(key);
      this.#onDidChange.fire(undefined);
      return;
    }
    for (const target of changed) this.#redraw(target);
  }

  #redraw(target: JobTarget): void {
    const row = this.#rows.get(jobKey(target));
    if (row !== undefined) this.#onDidChange.fire(row);
  }

  getTreeItem(row: Row): TreeItem {
    markShown(row);
    if (row.kind !== 'job') return makeVisible(row.item);
    const job = this.#list.find(row);
    const showRegion = this.#list.regions.length > 1;
    return job
      ? jobItem(job, { details: this.#list.lastKnown(job), showRegion })
      : new TreeItem(row.jobId);
  }

  resolveTreeItem(item: TreeItem, row: Row): TreeItem {
    const job = row.kind === 'job' ? this.#list.find(row) : undefined;
    if (job !== undefined) item.tooltip = jobTooltip(job, this.#list.lastKnown(job));
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
        // The view's welcome offers to start it.
        if (isCancellation(error) || isSandboxStopped(error)) return [];
        return [errorRow(error, 'bucketBrigade.jobs.refresh')];
      }
    }
    const jobs = this.#list.jobs ?? [];
    void this.#nameJobs(jobs);
    return [
      ...jobs.map(job => this.row(job)),
      ...this.#list.failures.map(regionRow),
      ...(this.#list.older > 0 ? [loadMoreRow(this.#list.older)] : []),
    ];
  }

  /**
   * The list tells of a job without a description only what kind it is; what it is made from never
   * changes, so it is asked once. Who may not ask still has the list.
   */
  async #nameJobs(jobs: readonly JobSummary[]): Promise<void> {
    const unnamed = jobs.filter(job => job.description === undefined);
    for (const job of unnamed) {
      if (this.#disposed || this.#list.find(job) === undefined) return;
      if (this.#list.lastKnown(job) !== undefined || this.#naming.has(jobKey(job))) continue;
      this.#naming.add(jobKey(job));
      try {
        await this.#list.describe(job);
      } catch {
        return;
      } finally {
        this.#naming.delete(jobKey(job));
      }
      this.#redraw(job);
    }
  }

  async #facts(row: JobRow): Promise<Row[]> {
    try {
      const [job, { jobFacts }] = await Promise.all([
        this.#list.describe(row),
        import('./jobFacts.ts'),
      ]);
      return jobFacts(row, job, this.#list.regions.length > 1);
    } catch (error) {
      if (isCancellation(error)) return [];
      return [errorRow(error, 'bucketBrigade.jobs.refresh', row)];
    }
  }

  dispose(): void {
    this.#disposed = true;
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

/** Of one Region among others: what stands in the row has to make sense before it is cut. */
function regionRow({ region, error }: RegionFailure): ActionRow {
  const item = new TreeItem(l10n.t('Jobs in {0} can’t be listed', region));
  item.id = `region/${region}`;
  item.iconPath = new ThemeIcon('error', new ThemeColor('list.errorForeground'));
  item.description = describeError(error);
  item.tooltip = describeError(error);
  item.command = { command: 'bucketBrigade.jobs.refresh', title: l10n.t('Retry') };
  return { kind: 'action', item: makeVisible(item) };
}

function loadMoreRow(older: number): ActionRow {
  const item = new TreeItem(l10n.t('Load More…'));
  item.iconPath = new ThemeIcon('ellipsis');
  item.description =
    older === 1 ? l10n.t('1 older job') : l10n.t('{0} older jobs', formatCount(older));
  item.command = { command: 'bucketBrigade.jobs.loadMore', title: l10n.t('Load More') };
  return { kind: 'action', item };
}
