import { l10n, window } from 'vscode';
import {
  inputAfter,
  type CopyCounts,
  type CopyFailure,
  type CopyInput,
  type CopyResult,
} from '../../aws/copies/copies.ts';
import type { CopyPlan } from '../../aws/copies/planCopies.ts';
import { fromErrorFacts } from '../../aws/errorFacts.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import type { Session } from '../../services.ts';
import { DisposableStore } from '../../vscode/disposables.ts';
import { runCommandFor } from '../../vscode/runCommand.ts';
import { ownerOf, sessionOf } from '../../vscode/sessionOwner.ts';
import type { Explorer } from '../explorer.ts';
import { reportFailures } from '../transfers/reportFailures.ts';
import type { RunningTransfer } from '../transferList/transfer.ts';
import {
  doneText,
  failedText,
  progressText,
  runningTitle,
  successText,
  targetKey,
  targetUri,
  unlockedText,
} from './copyTexts.ts';

/** How long a success stays in the status bar, in milliseconds. */
const SUCCESS_SHOWN = 8000;

/** What was not even tried, in the list of what can be done again. */
const REST = { bucket: '', key: '', to: '' };
type Again = CopyFailure | typeof REST;

/**
 * Has the worker copy or move, as a transfer that can be paused and cancelled, and tells what failed,
 * object by object, with a retry of it.
 *
 * @throws BrigadeError what ends it as a whole; it can then be continued
 */
export async function runTransfer(
  explorer: Explorer,
  session: Session,
  input: CopyInput,
  plan: CopyPlan,
): Promise<void> {
  const { moves, bucket, orders } = input;
  const to = targetUri(orders, bucket);
  const again = onceAgain(explorer, session, input, plan);
  try {
    const result = await explorer.transfers.track(
      {
        kind: moves ? 'move' : 'copy',
        title: runningTitle(moves, plan.objects, to),
        owner: ownerOf(session),
        ...{
          from: orders[0] && formatS3Uri(orders[0]),
          to,
          target: { bucket, key: targetKey(orders) },
        },
        total: { items: plan.objects, bytes: plan.bytes },
      },
      async transfer => {
        again.transfer = transfer;
        return await work(explorer, session, input, plan, transfer);
      },
      ended => endOf(ended, plan, items => again.run(ended, items)),
    );
    showResult(session, input, plan, result, items => again.run(result, items));
  } finally {
    refresh(explorer, input);
  }
}

/** Of the row and the message, the first that is asked to retry does it. */
function onceAgain(explorer: Explorer, session: Session, input: CopyInput, plan: CopyPlan) {
  const owner = ownerOf(session);
  let isDone = false;
  return {
    transfer: undefined as RunningTransfer | undefined,
    async run(result: CopyResult, items: readonly Again[]): Promise<void> {
      if (isDone) return;
      isDone = true;
      this.transfer?.retried();
      const failures = items.filter((item): item is CopyFailure => item !== REST);
      const next = inputAfter(input, result, failures, items.includes(REST));
      const now = await sessionOf(explorer.connections, owner);
      const { done, skipped, failed, bytes } = result;
      const left = plan.objects - done - skipped - (items.includes(REST) ? failed : 0);
      const objects = items.includes(REST) ? Math.max(1, left + failures.length) : failures.length;
      await runTransfer(explorer, now, next, {
        ...{ ...plan, objects, bytes: Math.max(0, plan.bytes - bytes) },
      });
    },
  };
}

/**
 * Paused, the task in the worker is called off, which tells what is left; resumed, another one
 * continues with exactly that.
 */
async function work(
  { worker }: Pick<Explorer, 'worker'>,
  session: Session,
  input: CopyInput,
  plan: CopyPlan,
  transfer: RunningTransfer,
): Promise<CopyResult> {
  let pause = new AbortController();
  using listeners = new DisposableStore();
  listeners.add(
    transfer.onDidPause(isPaused => {
      if (isPaused) pause.abort();
    }),
  );
  const title = runningTitle(input.moves, plan.objects, targetUri(input.orders, input.bucket));
  let before: CopyResult | undefined;
  let next = input;
  for (;;) {
    await transfer.ready();
    pause = new AbortController();
    const report = (progress: CopyCounts): void => {
      const { done, skipped, failed, bytes } = added(before, progress);
      transfer.report({
        message: progressText({ done, skipped, failed, bytes }, plan),
        fraction: (done + skipped + failed) / plan.objects,
        ...{ items: done + skipped + failed, bytes },
      });
    };
    const signal = AbortSignal.any([transfer.signal, pause.signal]);
    const result = await worker.run(session, 'copyObjects', next, {
      title,
      signal,
      onProgress: report,
    });
    const sum = { ...result, ...added(before, result) };
    const failures = [...(before?.failures ?? []), ...result.failures];
    const hasVersions = result.hasVersions || before?.hasVersions === true;
    const hasUnlocked = result.hasUnlocked === true || before?.hasUnlocked === true;
    before = { ...sum, failures, hasVersions, hasUnlocked };
    const isPaused = pause.signal.aborted && !transfer.signal.aborted;
    const isLeft = result.rest !== undefined || result.left.length > 0;
    if (!isPaused || !isLeft) return { ...before, isCancelled: result.isCancelled && isLeft };
    next = inputAfter(next, result, [], true);
  }
}

function added(
  before: CopyCounts | undefined,
  { done, bytes, skipped, failed }: CopyCounts,
): CopyCounts {
  return {
    done: done + (before?.done ?? 0),
    bytes: bytes + (before?.bytes ?? 0),
    skipped: skipped + (before?.skipped ?? 0),
    failed: failed + (before?.failed ?? 0),
  };
}

function restOf({ rest, left }: CopyResult): (typeof REST)[] {
  return rest !== undefined || left.length > 0 ? [REST] : [];
}

function endOf(
  result: CopyResult,
  { objects }: CopyPlan,
  again: (items: readonly Again[]) => Promise<void>,
) {
  const { failures, done, skipped, failed, isCancelled } = result;
  const items = [...restOf(result), ...failures];
  return {
    failed: failures.map(failure => ({ name: failure.key, error: errorOf(failure) })),
    ...(restOf(result).length > 0 && { left: Math.max(1, objects - done - skipped - failed) }),
    isCancelled,
    ...(items.length > 0 && { retry: () => again(items) }),
  };
}

function errorOf({ error }: CopyFailure) {
  return fromErrorFacts(error);
}

/** One message at the end; what is not done can be done from it. */
function showResult(
  session: Session,
  { moves, orders, bucket }: CopyInput,
  { samples, objects }: CopyPlan,
  result: CopyResult,
  again: (items: readonly Again[]) => Promise<void>,
): void {
  const { failures, isCancelled, hasVersions } = result;
  const from = orders[0] ? formatS3Uri(orders[0]) : '';
  const versions = hasVersions ? ` ${l10n.t('Older versions stay at {0}.', from)}` : '';
  const copied = failures.filter(failure => failure.isCopied).length;
  void reportFailures<Again>({
    outcome: {
      ...{ done: [], left: restOf(result), isCancelled },
      failed: failures.map(item => ({ item, error: errorOf(item) })),
    },
    doneText: doneText(moves, result),
    failedText: failedText(moves, result) + copiedText(copied),
    nameOf: ({ key }) => key,
    again,
  });
  if (result.hasUnlocked === true) void window.showWarningMessage(unlockedText(bucket));
  if (failures.length === 0 && restOf(result).length === 0) {
    const text = successText(moves, result, targetUri(orders, bucket));
    window.setStatusBarMessage(`$(check) ${text}${versions}`, SUCCESS_SHOWN);
  }
  const keys = objects <= samples.length ? samples.map(sample => sample.to) : [];
  if (keys.length > 0) {
    void runCommandFor(session, 'bucketBrigade.resize.followUploads', { bucket, keys });
  }
}

/** Their copies are there, and their originals too. */
function copiedText(count: number): string {
  if (count === 0) return '';
  return count === 1
    ? ` ${l10n.t('1 of them was copied, but its original couldn’t be deleted.')}`
    : ` ${l10n.t('{0} of them were copied, but their originals couldn’t be deleted.', count)}`;
}

/** Says how a task went that continued after its window was closed. */
export function showContinued(
  explorer: Explorer,
  session: Session,
  input: CopyInput,
  result: CopyResult,
): void {
  const { done, skipped, failed, bytes, left } = result;
  const objects = done + skipped + failed + left.length;
  const plan = { objects, bytes, archived: 0, samples: [], conflicts: 0, firstConflicts: [] };
  const again = onceAgain(explorer, session, input, plan);
  showResult(session, input, plan, result, items => again.run(result, items));
  refresh(explorer, input);
}

/** What shows the places that it came from and went to is read again. */
function refresh({ tree }: Pick<Explorer, 'tree'>, { orders, bucket, moves }: CopyInput): void {
  void tree.refreshKeys(
    bucket,
    orders.map(({ to }) => to),
  );
  if (!moves) return;
  for (const [from, own] of Map.groupBy(orders, order => order.bucket)) {
    void tree.refreshKeys(
      from,
      own.map(({ key }) => key),
    );
  }
}
