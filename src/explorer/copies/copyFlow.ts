import { l10n } from 'vscode';
import type { CopyPlan } from '../../aws/copies/planCopies.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { formatCount } from '../../vscode/formats.ts';
import type { Explorer } from '../explorer.ts';
import { askConflicts } from './askConflicts.ts';
import { confirmCopies } from './confirmCopies.ts';
import type { CopyRequest } from './copyRequest.ts';
import { readingAcross, assertReadable } from './reach.ts';
import { runTransfer } from './runTransfer.ts';

/**
 * Copies or moves: counts first, says what will be done and asks, asks about what is in the way, and
 * has the worker do it as a transfer.
 *
 * @throws BrigadeError `Cancelled`, `NotFound` where nothing is to be copied …
 */
export async function copyOrMove(explorer: Explorer, request: CopyRequest): Promise<void> {
  if (request.orders.length === 0) return;
  const plan = await look(explorer, request);
  const moves = await confirmCopies(request, plan);
  const { bucket, answers, orders } = request;
  const decisions =
    answers?.onConflict === undefined
      ? await askConflicts(plan, bucket)
      : { onConflict: answers.onConflict };
  await runTransfer(explorer, request.session, { orders, bucket, moves, ...decisions }, plan);
}

async function look(
  { worker }: Pick<Explorer, 'worker'>,
  { session, from, orders, bucket }: CopyRequest,
): Promise<CopyPlan> {
  const title = l10n.t('Counting the objects');
  const buckets = orders.map(order => order.bucket);
  return await withCancellableProgress({ title }, async (signal, report) => {
    const onProgress = ({ objects }: { readonly objects: number }): void =>
      report({ message: formatCount(objects) });
    const plan = await readingAcross(from, session, buckets, () =>
      worker.run(session, 'planCopies', { orders, bucket }, { title, signal, onProgress }),
    );
    await assertReadable(from, session, plan, signal);
    return plan;
  });
}
