import { l10n, window, type Disposable, type TreeView } from 'vscode';
import type { JobTarget } from '../../commands.ts';
import type { Services } from '../../services.ts';
import { ContextKey } from '../../vscode/contextKey.ts';
import { describeError } from '../../vscode/describeError.ts';
import { DisposableStore } from '../../vscode/disposables.ts';
import { formatCount } from '../../vscode/formats.ts';
import { dropKeys } from './dropKeys.ts';
import type { JobLists } from '../jobLists.ts';
import { JobsTree } from './jobsTree.ts';
import type { Row } from './rows.ts';

/** The Batch Jobs view: its tree, what it says above it, its badge and its context keys. */
export class JobsView implements Disposable {
  readonly #lists: JobLists;
  readonly #connections: Services['connections'];
  readonly #tree: JobsTree;
  readonly #view: TreeView<Row>;
  readonly #disposables = new DisposableStore();
  readonly #noJobs = new ContextKey('bucketBrigade:noJobs');
  readonly #filtered = new ContextKey('bucketBrigade:jobsFiltered');
  readonly #troubles = new Map<string, string>();

  constructor(lists: JobLists, connections: Services['connections']) {
    this.#lists = lists;
    this.#connections = connections;
    this.#tree = this.#disposables.add(new JobsTree(lists, connections));
    this.#view = this.#disposables.add(
      window.createTreeView<Row>('bucketBrigade.jobs', {
        treeDataProvider: this.#tree,
        canSelectMany: true,
        dragAndDropController: dropKeys(),
        showCollapseAll: true,
      }),
    );
    this.#disposables.add(lists.onDidChange(() => void this.#describe()));
    void this.#describe();
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
    const row = await this.#tree.rowOf(target);
    if (row !== undefined) await this.#view.reveal(row, { focus: true });
  }

  /** What keeps a connection's jobs from being up to date, shown above them; undefined when they are. */
  showTrouble(connectionId: string, error: unknown): void {
    if (error === undefined) this.#troubles.delete(connectionId);
    else this.#troubles.set(connectionId, describeError(error));
    void this.#describe();
  }

  async #describe(): Promise<void> {
    const { statuses, all } = this.#lists;
    const [list, another] = all.values();
    // Each of several connections says it below its own row.
    this.#noJobs.value = another === undefined && list?.jobs?.length === 0;
    this.#filtered.value = statuses.length > 0;
    const running = [...all.values()].reduce((sum, one) => sum + one.running.length, 0);
    this.#view.badge =
      running === 0 ? undefined : { value: running, tooltip: badgeTooltip(running) };
    const filter = statuses.length > 0 ? await filterText(statuses) : undefined;
    if (String(statuses) !== String(this.#lists.statuses)) return;
    this.#view.message = [...this.#troubleTexts(), filter].filter(Boolean).join('\n') || undefined;
  }

  #troubleTexts(): string[] {
    const { opened } = this.#connections;
    return opened.flatMap(({ id, label }) => {
      const trouble = this.#troubles.get(id);
      if (trouble === undefined) return [];
      return [opened.length > 1 ? l10n.t('{0}: {1}', label, trouble) : trouble];
    });
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

async function filterText(statuses: JobLists['statuses']): Promise<string> {
  const { statusLabel } = await import('../jobText.ts');
  return l10n.t('Filtered: {0}', statuses.map(status => statusLabel(status)).join(', '));
}
