import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { platform } from 'node:process';
import { l10n, ThemeIcon, window, type ExtensionContext } from 'vscode';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import type { SyncComparison, SyncPlace, SyncSummary } from '../../aws/sync/syncPlan.ts';
import type { Session } from '../../services.ts';
import { cancelled } from '../../vscode/cancellation.ts';
import { formatCount } from '../../vscode/formats.ts';
import { openPage, type OpenPage } from '../../vscode/page.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { pick } from '../../vscode/prompts.ts';
import { runAndShow } from '../../vscode/registerCommand.ts';
import { ownerOf, sessionOf, type Owner } from '../../vscode/sessionOwner.ts';
import { visible } from '../../vscode/visibleText.ts';
import { neutralizeLinks } from '../../vscode/neutralizeLinks.ts';
import type { Explorer } from '../explorer.ts';
import { nameList } from '../transfers/confirmOverwrite.ts';
import { makePlanFolder } from './planFolder.ts';
import { agreedSync, runSync } from './runSync.ts';
import { comparisonLabel, syncModel, syncQuestion, syncTitle } from './syncModel.ts';

/** What a sync would do: compared first, and done when its button is pressed. */
export class SyncPage {
  readonly #explorer: Explorer;
  readonly #context: ExtensionContext;
  readonly #owner: Owner;
  readonly #place: SyncPlace;
  #comparison: SyncComparison = 'time';
  #isDeleting = false;
  #isRun = false;
  #comparedAt = new Date();
  /** Of the newest comparison, in a folder of its own. */
  #plan: { readonly folder: string; readonly summary: SyncSummary } | undefined;
  #page: OpenPage | undefined;

  constructor(explorer: Explorer, context: ExtensionContext, session: Session, place: SyncPlace) {
    this.#explorer = explorer;
    this.#context = context;
    this.#owner = ownerOf(session);
    this.#place = place;
  }

  async open(session: Session): Promise<void> {
    const summary = await this.#compare(session);
    const page = openPage(this.#context, {
      key: `sync ${this.#owner.key} ${JSON.stringify(this.#place)}`,
      title: syncTitle(this.#place),
      icon: new ThemeIcon('sync'),
      model: this.#model(summary),
      onAction: id => this.#act(id),
    });
    this.#page = page;
    page.onDidDispose(() => void this.#forget());
  }

  #model(summary: SyncSummary) {
    return syncModel({
      ...{ place: this.#place, owner: this.#owner.name, comparedAt: this.#comparedAt },
      ...{ comparison: this.#comparison, isDeleting: this.#isDeleting, summary },
      isRun: this.#isRun,
    });
  }

  async #compare(session: Session): Promise<SyncSummary> {
    const folder = await makePlanFolder(this.#explorer);
    const isLocal = { windows: platform === 'win32', ignoreCase: platform !== 'linux' };
    const title = l10n.t('Comparing {0}', syncTitle(this.#place));
    try {
      const summary = await withCancellableProgress({ title }, (signal, report) =>
        this.#explorer.worker.run(
          session,
          'compareFolder',
          {
            ...this.#place,
            ...{ comparison: this.#comparison, rules: isLocal, planFile: join(folder, 'plan') },
          },
          {
            ...{ title, signal },
            onProgress: ({ files, objects }) =>
              report({
                message: l10n.t(
                  '{0} files, {1} objects',
                  ...[formatCount(files), formatCount(objects)],
                ),
              }),
          },
        ),
      );
      await this.#forget();
      this.#plan = { folder, summary };
      [this.#comparedAt, this.#isRun] = [new Date(), false];
      return summary;
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  async #forget(): Promise<void> {
    const folder = this.#plan?.folder;
    // What runs reads it to its end.
    if (folder === undefined || this.#isRun) return;
    await rm(folder, { recursive: true, force: true });
  }

  /** The page may be older than the connection of now. */
  async #act(id: string): Promise<void> {
    const session = await sessionOf(this.#explorer.connections, this.#owner);
    if (id === 'toggleDelete') this.#isDeleting = !this.#isDeleting;
    if (id === 'comparison') this.#comparison = await askComparison(this.#comparison, this.#place);
    if (id === 'comparison' || id === 'again') await this.#compare(session);
    if (id === 'sync') await this.#sync(session);
    if (this.#plan) this.#page?.update(this.#model(this.#plan.summary));
  }

  async #sync(session: Session): Promise<void> {
    if (!this.#plan || this.#isRun) return;
    const { folder, summary } = this.#plan;
    await confirmSync(this.#place, summary, this.#isDeleting);
    this.#isRun = true;
    const sync = agreedSync(this.#place, join(folder, 'plan'), summary, this.#isDeleting);
    // Its row in the Transfers view says how it goes; the button does not wait for it.
    void runAndShow('sync', () => runSync(this.#explorer, session, sync));
  }
}

async function askComparison(
  now: SyncComparison,
  { direction }: SyncPlace,
): Promise<SyncComparison> {
  const all: readonly SyncComparison[] = [
    'time',
    ...(direction === 'down' ? ['exactTime' as const] : []),
    'sizeOnly',
  ];
  const { comparison } = await pick({
    title: l10n.t('Compare By'),
    placeholder: l10n.t('Select how to compare files'),
    items: all.map(comparison => ({
      ...{ label: comparisonLabel(comparison), comparison },
      description: FLAGS[comparison],
    })),
    active: item => item.comparison === now,
  });
  return comparison;
}

const FLAGS = {
  time: 'aws s3 sync',
  exactTime: 'aws s3 sync --exact-timestamps',
  sizeOnly: 'aws s3 sync --size-only',
};

/** Asks before anything is overwritten or deleted. @throws BrigadeError `Cancelled` */
async function confirmSync(
  place: SyncPlace,
  { changed, deleted }: SyncSummary,
  isDeleting: boolean,
): Promise<void> {
  const gone = isDeleting ? deleted.count : 0;
  if (changed.count + gone === 0) return;
  const { direction, bucket, prefix, folder } = place;
  const target = direction === 'up' ? formatS3Uri({ bucket, key: prefix }) : folder;
  const go = l10n.t('Sync Now');
  const names = (isDeleting ? deleted : changed).first.map(({ path }) => path);
  const detail = [
    ...(changed.count > 0
      ? [
          l10n.t(
            'Overwritten: {0}. The older content is lost unless versions are kept.',
            formatCount(changed.count),
          ),
        ]
      : []),
    ...(gone > 0
      ? [
          direction === 'up'
            ? l10n.t('Deleted from S3: {0}.', formatCount(gone))
            : l10n.t('Moved to the trash: {0}.', formatCount(gone)),
        ]
      : []),
    nameList(names),
  ];
  const answer = await window.showWarningMessage(
    neutralizeLinks(syncQuestion(changed.count, gone, visible(target))),
    { modal: true, detail: detail.join('\n\n') },
    go,
  );
  if (answer !== go) throw cancelled();
}
