import { l10n, window, type Disposable, type TreeView } from 'vscode';
import type { JobTarget } from '../commands.ts';
import type { Services } from '../services.ts';
import { ContextKey } from '../vscode/contextKey.ts';
import { describeError } from '../vscode/describeError.ts';
import { DisposableStore } from '../vscode/disposables.ts';
import { formatCount } from '../vscode/formats.ts';
import type { JobList } from './jobList.ts';
import { JobsTree } from './jobsTree.ts';
import { statusLabel } from './jobText.ts';
import type { Row } from './rows.ts';

/** The Batch Jobs view: its tree, what it says above it, its badge and its context keys. */
export class JobsView implements Disposable {
  readonly #list: JobList;
  readonly #tree: JobsTree;
  readonly #view: TreeView<Row>;
  readonly #disposables = new DisposableStore();
  readonly #noJobs = new ContextKey('bucketBrigade:noJobs');
  readonly #filtered = new ContextKey('bucketBrigade:jobsFiltered');
  #trouble: string | undefined;

  constructor(list: JobList, connections: Services['connections']) {
    this.#list = list;
    this.#tree = this.#disposables.add(new JobsTree(list, connections));
    this.#view = this.#disposables.add(
      window.createTreeView<Row>('bucketBrigade.jobs', {
        treeDataProvider: this.#tree,
        canSelectMany: true,
        showCollapseAll: true,
      }),
    );
    this.#disposables.add(list.onDidChange(() => this.#describe()));
    this.#describe();
  }

  get visible(): boolean {
    return this.#view.visible;
  }

  get onDidChangeVisibility(): TreeView<Row>['onDidChangeVisibility'] {
    return this.#view.onDidChangeVisibility;
  }

  /** The selected jobs. */
  get selection(): readonly JobTarget[] {
    return this.#view.selection.filter(row => row.kind === 'job');
  }

  /** Shows a job that is listed, and selects it. */
  async reveal(target: JobTarget): Promise<void> {
    const job = this.#list.find(target);
    if (job !== undefined) await this.#view.reveal(this.#tree.row(job), { focus: true });
  }

  /** What keeps the list from being up to date, shown above it; undefined when it is. */
  showTrouble(error: unknown): void {
    this.#trouble = error === undefined ? undefined : describeError(error);
    this.#describe();
  }

  #describe(): void {
    const { jobs, running, statuses } = this.#list;
    this.#noJobs.value = jobs?.length === 0;
    this.#filtered.value = statuses.length > 0;
    const filter =
      statuses.length === 0
        ? undefined
        : l10n.t('Filtered: {0}', statuses.map(status => statusLabel(status)).join(', '));
    this.#view.message = [this.#trouble, filter].filter(Boolean).join('\n') || undefined;
    this.#view.badge =
      running.length === 0
        ? undefined
        : { value: running.length, tooltip: badgeTooltip(running.length) };
  }

  dispose(): void {
    this.#disposables.dispose();
  }
}

function badgeTooltip(count: number): string {
  return count === 1
    ? l10n.t('1 batch job is running')
    : l10n.t('{0} batch jobs are running', formatCount(count));
}
