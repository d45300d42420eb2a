import { l10n, workspace } from 'vscode';
import { estimateRestore, type RestoreCost } from '../../aws/cost/estimateRestore.ts';
import { pricesWith, PRICES_AS_OF } from '../../aws/cost/prices.ts';
import {
  makesCopy,
  restoreTime,
  tiersOf,
  type ArchiveClass,
  type RestoreTier,
} from '../../aws/objects/restore/restoreTiers.ts';
import { currency, formatCount, formatMonth } from '../../vscode/formats.ts';
import { formatSize } from '../../vscode/sizes.ts';
import { askText, pick } from '../../vscode/prompts.ts';
import type { ArchivedObject } from './archivedObjects.ts';

export interface RestorePlan {
  readonly tier: RestoreTier;
  /** 0 where no copy is made. */
  readonly days: number;
  readonly cost: RestoreCost;
  /** `3–5 hours` */
  readonly time: string;
}

const DEFAULT_DAYS = 7;
const MAX_DAYS = 3650;

/** Asks for how long and how fast, each choice with what it costs. @throws BrigadeError `Cancelled` */
export async function askRestore(objects: readonly ArchivedObject[]): Promise<RestorePlan> {
  const size = formatSize(objects.reduce((sum, one) => sum + one.size, 0));
  const title = l10n.t('Restore from Archive: {0}', countText(objects, size));
  const classes = [...new Set(objects.map(({ archive }) => archive))];
  const days = classes.some(makesCopy) ? await askDays(title) : 0;
  const choices = tiersOf(classes).map(tier => {
    const plan = planOf(objects, classes, tier, days);
    return {
      label: tierName(tier),
      description: l10n.t('in {0}', plan.time),
      detail: costText(plan.cost),
      plan,
    };
  });
  const placeholder = l10n.t(
    'Retrieval tier; prices for US East (N. Virginia), {0}',
    formatMonth(PRICES_AS_OF),
  );
  return (await pick({ title, placeholder, items: choices })).plan;
}

async function askDays(title: string): Promise<number> {
  const text = await askText({
    title,
    prompt: l10n.t('Number of days that the restored copies are available'),
    value: String(DEFAULT_DAYS),
    validate: typed =>
      daysOf(typed) === undefined ? l10n.t('A number of days, 1 or more') : undefined,
  });
  return daysOf(text) ?? DEFAULT_DAYS;
}

function daysOf(text: string): number | undefined {
  const days = /^\d{1,4}$/.test(text.trim()) ? Number(text) : 0;
  return days >= 1 && days <= MAX_DAYS ? days : undefined;
}

function planOf(
  objects: readonly ArchivedObject[],
  classes: readonly ArchiveClass[],
  tier: RestoreTier,
  days: number,
): RestorePlan {
  const groups = classes.map(archive => {
    const own = objects.filter(object => object.archive === archive);
    return {
      isDeep: archive.startsWith('DEEP'),
      makesCopy: makesCopy(archive),
      count: own.length,
      bytes: own.reduce((sum, { size }) => sum + size, 0),
    };
  });
  const prices = pricesWith(workspace.getConfiguration('bucketBrigade').get('cost.prices'));
  const cost = estimateRestore(groups, { tier, days }, prices);
  return { tier, days, cost, time: timeText(classes, tier) };
}

function timeText(classes: readonly ArchiveClass[], tier: RestoreTier): string {
  const { from, to } = restoreTime(classes, tier) ?? { from: 0, to: 48 };
  if (to < 1) return l10n.t('{0}–{1} minutes', Math.round(from * 60), Math.round(to * 60));
  return from === 0 ? l10n.t('up to {0} hours', to) : l10n.t('{0}–{1} hours', from, to);
}

/** AWS's names of them. */
function tierName(tier: RestoreTier): string {
  switch (tier) {
    case 'Expedited':
      return l10n.t('Expedited');
    case 'Standard':
      return l10n.t('Standard');
    case 'Bulk':
      return l10n.t('Bulk');
  }
}

/** `less than $0.01`, or `about $1.25: requests $0.05, retrieval $1.00, copies $0.20`. */
export function costText({ requests, retrieval, storage, dollars }: RestoreCost): string {
  if (dollars === 0) return l10n.t('no charge for the retrieval');
  if (dollars < 0.01) return amount(dollars);
  return l10n.t(
    'about {0}: requests {1}, retrieval {2}, storage of the copies {3}',
    ...[dollars, requests, retrieval, storage].map(amount),
  );
}

function amount(dollars: number): string {
  return dollars > 0 && dollars < 0.01
    ? l10n.t('less than {0}', currency(0.01, 2))
    : currency(dollars, 2);
}

/** `3 objects (1.2 GB)` is what is said of them in a question. */
export function countText(objects: readonly ArchivedObject[], size: string): string {
  return objects.length === 1
    ? l10n.t('1 object ({0})', size)
    : l10n.t('{0} objects ({1})', formatCount(objects.length), size);
}
