import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { l10n, Uri, workspace } from 'vscode';
import { fromErrorFacts, toErrorFacts } from '../../aws/errorFacts.ts';
import { BrigadeError } from '../../aws/errors.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import type { SyncFolderProgress, SyncFolderResult } from '../../aws/sync/syncFolder.ts';
import type { PlanItem, SyncFolderInput, SyncPlace, SyncSummary } from '../../aws/sync/syncPlan.ts';
import type { Failure } from '../../aws/transfers/batch.ts';
import type { KeptBulkTask, Session } from '../../services.ts';
import { formatCount } from '../../vscode/formats.ts';
import { ownerOf, sessionOf } from '../../vscode/sessionOwner.ts';
import { formatSize } from '../../vscode/sizes.ts';
import type { Explorer } from '../explorer.ts';
import { maxTransfers } from '../settings.ts';
import type { RunningTransfer } from '../transferList/transfer.ts';
import { trackBatch } from '../transfers/trackBatch.ts';
import { makePlanFolder } from './planFolder.ts';
import { syncTitle } from './syncModel.ts';

/** What of a plan will be done. */
export function agreedSync(
  place: SyncPlace,
  planFile: string,
  summary: SyncSummary,
  isDeleting: boolean,
): SyncFolderInput {
  const { created, changed, deleted } = summary;
  const total = {
    items: created.count + changed.count + (isDeleting ? deleted.count : 0),
    bytes: created.bytes + changed.bytes,
  };
  return inputOf(place, planFile, isDeleting, total);
}

function inputOf(
  place: SyncPlace,
  planFile: string,
  isDeleting: boolean,
  total: SyncFolderInput['total'],
): SyncFolderInput {
  const restFile = `${planFile}-rest`;
  return { ...place, planFile, isDeleting, restFile, total, most: maxTransfers() };
}

/** All that was not done and of which no more is known here than how many they are. */
const REST: PlanItem = { action: 'copy', path: '', size: 0 };

/**
 * Has the worker do a sync, as a transfer; files that are to go are then moved to the trash from here. In the
 * end tells of what failed.
 *
 * @param kept the task of the journal that was begun with this
 * @throws BrigadeError what ends it as a whole; what was copied before that stays
 */
export async function runSync(
  explorer: Explorer,
  session: Session,
  input: SyncFolderInput,
  kept?: string,
): Promise<void> {
  const { direction, bucket, prefix, folder, total } = input;
  const owner = ownerOf(session);
  const uri = formatS3Uri({ bucket, key: prefix });
  const isUp = direction === 'up';
  const run = new SyncRun(explorer, session, input);
  await trackBatch<PlanItem>(
    explorer,
    {
      ...{ kind: 'sync', title: syncTitle(input), owner, total, pausesInside: true },
      ...(isUp ? { from: folder, to: uri } : { from: uri, to: folder }),
      target: isUp
        ? { bucket, ...(prefix !== '' && { key: prefix }) }
        : { uri: Uri.file(folder).toString() },
      doneText: () =>
        l10n.t(
          '{0} of {1} files were synced.',
          ...[formatCount(run.done), formatCount(total.items)],
        ),
      failedText: () =>
        l10n.t(
          '{0} of {1} files weren’t synced.',
          ...[formatCount(run.failedCount), formatCount(total.items)],
        ),
      counts: () => run.counts,
      nameOf: item => item.path,
      again: async (items, task) => {
        const now = await sessionOf(explorer.connections, owner);
        if (task === undefined) await runSync(explorer, now, await run.inputFor(items));
        else await runSync(explorer, now, input, task);
      },
      discard: async task =>
        explorer.worker.discard(await sessionOf(explorer.connections, owner), task),
    },
    transfer => run.run(transfer, kept),
  ).finally(() => run.forget());
  if (isUp) explorer.tree.refresh({ bucket, ...(prefix !== '' && { key: prefix }) });
}

class SyncRun {
  readonly #explorer: Explorer;
  readonly #session: Session;
  readonly #input: SyncFolderInput;
  #failed: readonly Failure<PlanItem>[] = [];
  #left = 0;
  done = 0;
  failedCount = 0;

  constructor(explorer: Explorer, session: Session, input: SyncFolderInput) {
    this.#explorer = explorer;
    this.#session = session;
    this.#input = input;
  }

  async run(transfer: RunningTransfer, known: string | undefined) {
    const { result, kept } = await this.#inWorker(transfer, known);
    const { stoppedBy } = result;
    this.#failed = result.failed.map(({ item, error }) => ({ item, error: fromErrorFacts(error) }));
    [this.done, this.failedCount, this.#left] = [result.done, result.failedCount, result.left];
    if (!stoppedBy) await this.#moveToTrash(transfer);
    const untold = this.failedCount - this.#failed.length;
    return {
      ...{ done: [], failed: this.#failed, isCancelled: false },
      left: this.#left + untold > 0 ? [REST] : [],
      ...(stoppedBy && { stoppedBy: fromErrorFacts(stoppedBy) }),
      ...(kept !== undefined && { kept }),
    };
  }

  get counts(): { readonly failedCount: number; readonly left: number } {
    return { failedCount: this.failedCount, left: this.#left };
  }

  /** Deletes the plan when nobody continues it. */
  async forget(): Promise<void> {
    const { failedCount, left } = this.counts;
    if (failedCount + left > 0) return;
    await rm(dirname(this.#input.planFile), { recursive: true, force: true });
  }

  /** A sync of what of it was not done, or of some of that. */
  async inputFor(items: readonly PlanItem[]): Promise<SyncFolderInput> {
    const { PlanWriter, readPlan } = await import('../../aws/sync/planFile.ts');
    const { restFile } = this.#input;
    const planFile = join(await makePlanFolder(this.#explorer), 'plan');
    const writer = new PlanWriter(planFile);
    const total = { items: 0, bytes: 0 };
    const isAll = items.includes(REST) || items.length === this.#failed.length;
    const chosen = isAll ? items.filter(item => this.#isTrash(item)) : items;
    const rest = isAll && chosen.length < items.length ? readPlan(restFile) : [];
    for (const source of [rest, chosen]) {
      for await (const item of source) {
        await writer.write(item);
        total.items++;
        total.bytes += item.action === 'copy' ? item.size : 0;
      }
    }
    await writer.end();
    return inputOf(this.#input, planFile, true, total);
  }

  async #inWorker(
    transfer: RunningTransfer,
    known: string | undefined,
  ): Promise<{ readonly result: SyncFolderResult; readonly kept?: string }> {
    const { worker, uploads } = this.#explorer;
    const { signal, onDidPause } = transfer;
    let kept: KeptBulkTask<'syncFolder'> | undefined;
    const options = {
      ...{ title: syncTitle(this.#input), signal, onDidPause },
      onProgress: (progress: SyncFolderProgress) => this.#report(transfer, progress),
      onDidKeep: (task: KeptBulkTask<'syncFolder'>): unknown => (kept = task),
    };
    const [session, input] = [this.#session, this.#input];
    try {
      const result = await (known === undefined
        ? worker.run(session, 'syncFolder', input, options)
        : worker.continue(session, known, { name: 'syncFolder', input }, options));
      const journal = uploads.of(session);
      for (const upload of result.leftUploads) {
        journal.begin(upload);
        journal.abandon(upload);
      }
      return { result };
    } catch (error) {
      if (!kept || !(error instanceof BrigadeError)) throw error;
      const none = { done: 0, failedCount: 0, failed: [], leftUploads: [] };
      const untold = { ...none, left: input.total.items, stoppedBy: toErrorFacts(error) };
      return { result: kept.result ?? untold, kept: kept.id };
    }
  }

  #isTrash({ action }: PlanItem): boolean {
    return action === 'delete' && this.#input.direction === 'down';
  }

  /** Only VS Code knows where that is. */
  async #moveToTrash(transfer: RunningTransfer): Promise<void> {
    const { isDeleting, direction, planFile, folder, total } = this.#input;
    if (!isDeleting || direction === 'up') return;
    const { readPlan } = await import('../../aws/sync/planFile.ts');
    const failed: Failure<PlanItem>[] = [];
    for await (const item of readPlan(planFile)) {
      if (!this.#isTrash(item)) continue;
      await transfer.ready();
      try {
        const file = Uri.file(join(folder, ...item.path.split('/')));
        await workspace.fs.delete(file, { useTrash: true });
        this.done++;
      } catch (error) {
        failed.push({ item, error });
      }
      const items = this.done + this.failedCount + failed.length;
      this.#report(transfer, { items, bytes: total.bytes });
    }
    this.#failed = [...this.#failed, ...failed];
    this.failedCount += failed.length;
  }

  #report({ report }: RunningTransfer, { items, bytes }: SyncFolderProgress): void {
    const { total } = this.#input;
    report({
      ...{ items, bytes },
      message: l10n.t(
        '{0} of {1} files ({2})',
        ...[formatCount(items), formatCount(total.items), formatSize(bytes)],
      ),
      fraction: total.bytes > 0 ? bytes / total.bytes : items / Math.max(1, total.items),
    });
  }
}
