import { l10n } from 'vscode';
import type { Estimate, NotCounted } from '../../aws/cost/estimate.ts';
import { PRICES_AS_OF } from '../../aws/cost/prices.ts';
import type { PreflightCost } from '../../aws/preflight/estimatePreflight.ts';
import type { Block, PageAction } from '../../vscode/page/protocol.ts';
import { dollars, formatMonth } from '../../vscode/formats.ts';
import { linesTable, timeText } from '../cost/costText.ts';

/** Presses that the cost's part of a page has. */
export const EDIT_PRICES = 'editPrices';
export const CHANGE_DIRECTLY = 'changeDirectly';

/** What a job costs, line by line, and how long it takes at the least. */
export function costBlocks(cost: PreflightCost | undefined): Block[] {
  if (cost === undefined) {
    const text = l10n.t('The number of objects isn’t known, so the cost can’t be estimated.');
    return [heading(), { kind: 'text', text, tone: 'muted' }];
  }
  const { job, assumedSeconds } = cost;
  const edit: PageAction = { id: EDIT_PRICES, label: l10n.t('Edit Prices') };
  return [
    heading(),
    {
      kind: 'facts',
      facts: [
        { term: l10n.t('Cost'), value: dollars(job.dollars) },
        { term: l10n.t({ message: 'Time', comment: ['A duration'] }), value: timeText(job.time) },
      ],
    },
    linesTable(job, l10n.t('Cost of the job')),
    { kind: 'text', text: noteText(job, assumedSeconds), tone: 'muted' },
    ...directBlocks(cost),
    { kind: 'actions', actions: [edit] },
  ];
}

function heading(): Block {
  return { kind: 'heading', text: l10n.t('Cost and time') };
}

function noteText({ notCounted }: Estimate, assumedSeconds: number | undefined): string {
  return [
    l10n.t(
      'List prices of US East (N. Virginia), {0}; the free tier isn’t counted.',
      formatMonth(PRICES_AS_OF),
    ),
    ...(assumedSeconds === undefined
      ? []
      : [l10n.t('Assumes {0} s per invocation.', assumedSeconds)]),
    ...(notCounted.length === 0
      ? []
      : [l10n.t('Not counted: {0}.', notCounted.map(notCountedText).join('; '))]),
  ].join(' ');
}

function notCountedText(item: NotCounted): string {
  switch (item) {
    case 'data':
      return l10n.t('costs that depend on the size of the objects or their tags');
    case 'functionRequests':
      return l10n.t('requests that the function makes');
    case 'kms':
      return l10n.t('KMS requests');
    case 'storageMinimum':
      return l10n.t('minimum storage durations');
    case 'ownPrice':
      return l10n.t('the operation itself');
  }
}

function directBlocks({ job, direct }: PreflightCost): Block[] {
  if (direct === undefined || direct.dollars >= job.dollars) return [];
  const text = l10n.t(
    'Direct requests do the same without a job: {0} instead of {1}, {2}.',
    ...[dollars(direct.dollars), dollars(job.dollars), timeText(direct.time)],
  );
  const action: PageAction = { id: CHANGE_DIRECTLY, label: l10n.t('Change Tags Directly') };
  return [
    { kind: 'text', text },
    { kind: 'actions', actions: [action] },
  ];
}
