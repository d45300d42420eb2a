import { l10n, window, workspace } from 'vscode';
import type { CopyPlan } from '../../aws/copies/planCopies.ts';
import { estimateCopies } from '../../aws/cost/estimateCopies.ts';
import { pricesWith } from '../../aws/cost/prices.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import { cancelled } from '../../vscode/cancellation.ts';
import { ownerLabel } from '../../vscode/ownerLabel.ts';
import { dollars, formatCount } from '../../vscode/formats.ts';
import { ownerOf } from '../../vscode/sessionOwner.ts';
import { neutralizeLinks } from '../../vscode/neutralizeLinks.ts';
import { nameList } from '../transfers/confirmOverwrite.ts';
import type { CopyRequest } from './copyRequest.ts';
import { amountText, orderTexts, targetUri } from './copyTexts.ts';

/** For fewer objects the requests cost less than anybody minds. */
const COST_SAID_FROM = 100;

/**
 * Says what will be copied or moved, how much, and to where, before it is.
 *
 * @returns whether originals are deleted
 * @throws BrigadeError `Cancelled`
 */
export async function confirmCopies(request: CopyRequest, plan: CopyPlan): Promise<boolean> {
  const { as, orders, answers } = request;
  const moves = as === 'move' || as === 'rename';
  // Who renames one object has typed what is done.
  const isTyped = as === 'rename' && !orders.some(({ isPrefix }) => isPrefix);
  if (isTyped || answers?.skipConfirmation) return moves;
  const [copy, move] = [l10n.t('Copy'), l10n.t('Move')];
  const buttons =
    as === 'copyOrMove'
      ? [copy, move]
      : [as === 'copy' ? copy : as === 'move' ? move : l10n.t('Rename')];
  const answer = await window.showWarningMessage(
    neutralizeLinks(questionOf(request, plan)),
    { modal: true, detail: neutralizeLinks(detailOf(request, plan)) },
    ...buttons,
  );
  if (answer === undefined) throw cancelled();
  return as === 'copyOrMove' ? answer === move : moves;
}

function questionOf({ as, orders, bucket }: CopyRequest, plan: CopyPlan): string {
  const [amount, to] = [amountText(plan), targetUri(orders, bucket)];
  switch (as) {
    case 'copy':
      return l10n.t('Copy {0} to {1}?', amount, to);
    case 'move':
      return l10n.t('Move {0} to {1}?', amount, to);
    case 'copyOrMove':
      return l10n.t('Copy or move {0} to {1}?', amount, to);
    case 'rename': {
      const from = orders[0] ? formatS3Uri(orders[0]) : '';
      return l10n.t('Rename {0} under {1} to {2}?', amount, from, to);
    }
  }
}

function detailOf(request: CopyRequest, plan: CopyPlan): string {
  const { as, orders } = request;
  const names = as === 'rename' ? '' : nameList(orderTexts(orders));
  const lines = [whatHappens(as), ...archivedLine(plan), ...costLine(as, plan)];
  return [accountLine(request), names, lines.join('\n')].filter(part => part !== '').join('\n\n');
}

/** Whose they are and become, where several connections are open. */
function accountLine({ session, from }: CopyRequest): string {
  if (!from || from.owner.key === session.key) return ownerLabel(session) ?? '';
  return l10n.t('From {0} to {1}', from.owner.name, ownerOf(session).name);
}

function whatHappens(as: CopyRequest['as']): string {
  switch (as) {
    case 'copy':
      return l10n.t('The originals stay where they are.');
    case 'copyOrMove':
      return l10n.t(
        'S3 copies them. To move, each original is then deleted once its copy is verified.',
      );
    case 'move':
    case 'rename':
      return l10n.t('S3 copies each object, and deletes the original once its copy is verified.');
  }
}

function archivedLine({ archived }: CopyPlan): string[] {
  if (archived === 0) return [];
  return [
    archived === 1
      ? l10n.t('1 of them is archived. It can’t be copied until it is restored, so it is skipped.')
      : l10n.t(
          '{0} of them are archived. They can’t be copied until they are restored, so they are skipped.',
          formatCount(archived),
        ),
  ];
}

function costLine(as: CopyRequest['as'], { objects }: CopyPlan): string[] {
  if (objects < COST_SAID_FROM) return [];
  const own = workspace.getConfiguration('bucketBrigade').get('cost.prices');
  const cost = estimateCopies(objects, as !== 'copy', pricesWith(own)).dollars;
  return [l10n.t('Requests cost about {0}.', dollars(cost))];
}
