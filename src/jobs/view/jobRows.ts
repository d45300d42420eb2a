import { l10n, ThemeColor, ThemeIcon, TreeItem, type MarkdownString } from 'vscode';
import type { JobSummary } from '../../aws/batchJobs/job.ts';
import type { CommandId, Commands, JobTarget } from '../../commands.ts';
import { isCancellation, isSandboxStopped, isSilentInViews } from '../../vscode/cancellation.ts';
import { describeError } from '../../vscode/describeError.ts';
import { formatCount } from '../../vscode/formats.ts';
import { makeVisible } from '../../vscode/visibleText.ts';
import { jobKey } from '../jobKey.ts';
import type { JobList } from '../jobList.ts';
import type { RegionFailure } from '../regionalJobs.ts';
import { jobFacts } from './jobFacts.ts';
import { jobItem, jobTooltip } from './jobItem.ts';
import type { ActionRow, ConnectionRow, JobRow, Row } from './rows.ts';

/** The rows of one list: its jobs, and below each what matters of it. */
export class JobRows {
  readonly #list: JobList;
  readonly #root: ConnectionRow | undefined;
  readonly #redraw: (row: Row) => void;
  /** One object per job for as long as it is listed: VS Code knows rows by identity. */
  readonly #rows = new Map<string, JobRow>();
  /** Jobs that are being asked what to call them. */
  readonly #naming = new Set<string>();
  /** `Session.key` of the account that stands beside the connection. */
  #account: string | undefined;

  /** @param redraw called with a row that is to be shown again */
  constructor(list: JobList, root: ConnectionRow | undefined, redraw: (row: Row) => void) {
    this.#list = list;
    this.#root = root;
    this.#redraw = redraw;
  }

  row(job: JobSummary): JobRow {
    const target = this.#list.targetOf(job);
    const id = [target.session, jobKey(job)].join('|');
    let row = this.#rows.get(id);
    if (row === undefined) {
      const { region } = job;
      row = { kind: 'job', id, ...target, region, ...(this.#root && { parent: this.#root }) };
      this.#rows.set(id, row);
    }
    return row;
  }

  /** Shows again the rows there are of some jobs. */
  redraw(jobs: readonly JobTarget[]): void {
    for (const row of this.#rows.values()) {
      if (jobs.some(job => jobKey(job) === jobKey(row))) this.#redraw(row);
    }
  }

  item(row: Exclude<Row, ConnectionRow>): TreeItem {
    if (row.kind !== 'job') return makeVisible(row.item);
    const job = this.#list.find(row);
    if (job === undefined) return new TreeItem(row.jobId);
    const showRegion = this.#list.regions.length > 1;
    return jobItem(row, job, { details: this.#list.lastKnown(job), showRegion });
  }

  tooltip(row: JobRow): MarkdownString | undefined {
    const job = this.#list.find(row);
    return job && jobTooltip(job, this.#list.lastKnown(job));
  }

  async below(row: Exclude<Row, ConnectionRow>): Promise<Row[]> {
    if (row.kind === 'job') return await this.#facts(row);
    return row.kind === 'fact' ? [...row.children] : [];
  }

  /** The jobs, or what kept them from being read. Never rejects. */
  async top(): Promise<Row[]> {
    const list = this.#list;
    try {
      if (list.jobs === undefined) await list.read();
    } catch (error) {
      // The view's welcome offers to start it.
      if (isSilentInViews(error) || (isSandboxStopped(error) && !this.#root)) return [];
      return [this.#failed(error)];
    } finally {
      this.#showAccount();
    }
    const jobs = list.jobs ?? [];
    const listed = new Set(jobs.map(job => this.row(job)));
    for (const [id, row] of this.#rows) if (!listed.has(row)) this.#rows.delete(id);
    void this.#nameJobs(jobs);
    const rows: Row[] = [
      ...listed,
      ...list.failures.map(failure => this.#regionRow(failure)),
      ...(list.older > 0 ? [this.#loadMoreRow()] : []),
    ];
    return rows.length === 0 && this.#root ? [this.#noneRow()] : rows;
  }

  #showAccount(): void {
    const account = this.#list.session?.key;
    if (!this.#root || account === this.#account) return;
    this.#account = account;
    this.#redraw(this.#root);
  }

  /**
   * The list tells of a job without a description only what kind it is; what it is made from never
   * changes, so it is asked once. A caller who may not ask still has the list.
   */
  async #nameJobs(jobs: readonly JobSummary[]): Promise<void> {
    const unnamed = jobs.filter(job => job.description === undefined);
    for (const job of unnamed) {
      if (this.#list.find(job) === undefined) return;
      if (this.#list.lastKnown(job) !== undefined || this.#naming.has(jobKey(job))) continue;
      this.#naming.add(jobKey(job));
      try {
        await this.#list.describe(job);
      } catch {
        return;
      } finally {
        this.#naming.delete(jobKey(job));
      }
      this.redraw([job]);
    }
  }

  async #facts(row: JobRow): Promise<Row[]> {
    try {
      return jobFacts(row, await this.#list.describe(row), this.#list.regions.length > 1);
    } catch (error) {
      if (isCancellation(error)) return [];
      return [actionRow(errorItem(error, 'bucketBrigade.jobs.refresh'), row)];
    }
  }

  /** A connection that could not be opened is opened again, not only asked again. */
  #failed(error: unknown): ActionRow {
    const root = this.#list.session ? undefined : this.#root;
    const item = root
      ? errorItem(error, 'bucketBrigade.connections.retry', root.connectionId)
      : errorItem(error, 'bucketBrigade.jobs.refresh');
    return actionRow(item, this.#root);
  }

  /** Of one Region among others: what stands in the row has to make sense before it is cut. */
  #regionRow({ region, error }: RegionFailure): ActionRow {
    const item = errorItem(error, 'bucketBrigade.jobs.refresh');
    item.label = l10n.t('Jobs in {0} can’t be listed', region);
    item.id = [this.#root?.connectionId, 'region', region].join('/');
    item.description = describeError(error);
    return actionRow(makeVisible(item), this.#root);
  }

  #loadMoreRow(): ActionRow {
    const item = new TreeItem(l10n.t('Load More…'));
    const { older } = this.#list;
    item.iconPath = new ThemeIcon('ellipsis');
    item.description =
      older === 1 ? l10n.t('1 older job') : l10n.t('{0} older jobs', formatCount(older));
    const connectionId = this.#root?.connectionId;
    item.command = {
      command: 'bucketBrigade.jobs.loadMore',
      title: l10n.t('Load More'),
      arguments: connectionId === undefined ? [] : [{ connectionId }],
    };
    return actionRow(item, this.#root);
  }

  #noneRow(): ActionRow {
    const isFiltered = this.#list.statuses.length > 0;
    const text = isFiltered ? l10n.t('No jobs match the filter') : l10n.t('No batch jobs');
    return actionRow(new TreeItem(text), this.#root);
  }
}

function actionRow(item: TreeItem, parent: ActionRow['parent']): ActionRow {
  return { kind: 'action', item, ...(parent && { parent }) };
}

/** Errors are rows: they stay where the data is missing, and say how to try again. */
function errorItem<Id extends CommandId>(
  error: unknown,
  retry: Id,
  ...args: Partial<Commands[Id]>
): TreeItem {
  const item = new TreeItem(describeError(error));
  item.iconPath = new ThemeIcon('error', new ThemeColor('list.errorForeground'));
  item.description = l10n.t('Click to retry');
  item.tooltip = describeError(error);
  item.command = { command: retry, title: l10n.t('Retry'), arguments: args };
  return item;
}
