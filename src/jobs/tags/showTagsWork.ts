import { randomUUID } from 'node:crypto';
import { l10n, ThemeIcon, workspace } from 'vscode';
import { pricesWith } from '../../aws/cost/prices.ts';
import type { TagPreview } from '../../aws/tagChanges/previewTags.ts';
import type { Session } from '../../services.ts';
import { openPage, type OpenPage } from '../../vscode/page.ts';
import { runCommandFor } from '../../vscode/runCommand.ts';
import { ownerOf, sessionOf } from '../../vscode/sessionOwner.ts';
import type { Jobs } from '../jobs.ts';
import { askReportPlace } from './askReportPlace.ts';
import { costBlocks } from './costBlocks.ts';
import { showResult } from './runDirect.ts';
import { tagsPage, type TagsPageState } from './tagsPage.ts';
import type { TagsWork } from './tagsWork.ts';

/** Objects that a preview looks at unless all are asked for. */
const SAMPLE = 1_000;

/**
 * Looks at what some work would do, and shows it on a page from which it is done.
 *
 * @throws BrigadeError what keeps the objects from being looked at
 */
export async function showTagsWork(jobs: Jobs, session: Session, work: TagsWork): Promise<void> {
  const preview = await work.preview(SAMPLE);
  new WorkPage(jobs, session, work, preview);
}

/** The page of one change, from its preview to its end. */
class WorkPage {
  readonly #jobs: Jobs;
  readonly #session: Session;
  readonly #work: TagsWork;
  readonly #page: OpenPage;
  #state: TagsPageState;

  constructor(jobs: Jobs, session: Session, work: TagsWork, preview: TagPreview) {
    this.#jobs = jobs;
    this.#session = session;
    this.#work = work;
    const { title, facts } = work;
    this.#state = { ...stateOf(work, preview), title, facts, subtitle: ownerOf(session).name };
    this.#page = openPage(jobs.context, {
      key: `tags/${randomUUID()}`,
      title: work.title,
      icon: new ThemeIcon('tag'),
      model: tagsPage(this.#state),
      onAction: async id => await this.#act(id),
    });
  }

  async #act(id: string): Promise<void> {
    const { result } = this.#state;
    // Its objects and its report are of one account: it acts on no other.
    const session = await sessionOf(this.#jobs.connections, ownerOf(this.#session));
    if (id === 'all') this.#show(stateOf(this.#work, await this.#work.preview()));
    else if (id === 'begin') await this.#begin();
    else if (id === 'openReport' && result?.report) {
      await runCommandFor(session, 'bucketBrigade.jobs.openReport', result.report);
    } else if (id === 'undo' && result?.report) {
      await runCommandFor(session, 'bucketBrigade.jobs.undo', result.report);
    } else {
      await this.#work.others?.find(other => other.id === id)?.run();
    }
  }

  #show(state: Partial<TagsPageState>): void {
    this.#state = { ...this.#state, ...state };
    this.#page.update(tagsPage(this.#state));
  }

  async #begin(): Promise<void> {
    const position = { title: this.#work.title, keepOpen: true };
    const report = await askReportPlace(position, this.#jobs, this.#session, this.#work.bucket);
    const start = await this.#work.confirm(this.#state.preview, report);
    try {
      const result = await start(progress => this.#show({ progress }));
      this.#show({ result });
      void showResult(this.#jobs, this.#session, result);
    } finally {
      this.#show({ progress: undefined });
    }
  }
}

function stateOf(
  { note, action, others = [] }: TagsWork,
  preview: TagPreview,
): Pick<TagsPageState, 'preview' | 'note' | 'actions' | 'cost'> {
  const nothing = preview.complete && preview.changing === 0;
  return {
    preview,
    note: note?.(preview),
    cost: costBlocks(
      preview,
      pricesWith(workspace.getConfiguration('bucketBrigade').get('cost.prices')),
    ),
    actions: [
      { id: 'begin', label: action, isPrimary: true, ...(nothing && { isDisabled: true }) },
      ...others.map(({ id, label, tooltip }) => ({ id, label, ...(tooltip && { tooltip }) })),
      ...(preview.complete ? [] : [{ id: 'all', label: l10n.t('Preview All Objects') }]),
    ],
  };
}
