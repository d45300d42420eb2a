import { l10n } from 'vscode';
import type { CostLine, Estimate, TimeEstimate } from '../../aws/cost/estimate.ts';
import { currency, dollars, formatCount } from '../../vscode/formats.ts';
import type { Block } from '../../vscode/page/protocol.ts';
import { formatElapsed } from '../jobText.ts';

/** Each line of an estimate with its arithmetic, and their sum. */
export function linesTable({ lines, dollars: sum }: Estimate, label: string): Block {
  return {
    kind: 'table',
    label,
    columns: [
      { title: l10n.t('Item') },
      { title: l10n.t('Calculation') },
      { title: l10n.t('US$'), isNumber: true },
    ],
    rows: [
      ...lines.map(line => [itemText(line), arithmetic(line), dollars(line.dollars)]),
      [l10n.t('Total'), '', dollars(sum)],
    ],
  };
}

function itemText({ item, api = '' }: CostLine): string {
  switch (item) {
    case 'job':
      return l10n.t('Batch job');
    case 'objects':
      return l10n.t('Objects of the job');
    case 'generator':
      return l10n.t('Objects listed for the manifest');
    case 'requests':
      return l10n.t('{0} requests', api);
    case 'invocations':
      return l10n.t('Invocations of the function');
    case 'gigabyteSeconds':
      return l10n.t('GB-seconds of the function');
    case 'events':
      return l10n.t('Invocations by event notifications');
  }
}

/** `1,000,000 × $0.005 per 1,000`. */
function arithmetic({ quantity, price, per }: CostLine): string {
  const count = formatCount(Math.round(quantity));
  return per === 1
    ? l10n.t('{0} × {1}', count, priceText(price))
    : l10n.t('{0} × {1} per {2}', count, priceText(price), formatCount(per));
}

/** Prices have as many digits as they have. */
function priceText(price: number): string {
  return currency(price, 10);
}

/** How long it takes, and at what rate. */
export function timeText({ seconds, rate, basis }: TimeEstimate): string {
  const time = formatElapsed(seconds);
  const each = formatCount(Math.round(rate));
  switch (basis) {
    case 'measured':
      return l10n.t('about {0}, at {1} tasks per second like an earlier job', time, each);
    case 'prefixLimit':
      return l10n.t('at least {0}, at {1} requests per second, S3’s limit per prefix', time, each);
    case 'concurrency':
      return l10n.t(
        'at least {0}, at {1} tasks per second with 1,000 concurrent invocations',
        time,
        each,
      );
    case 'direct':
      return l10n.t('about {0}, at {1} objects per second', time, each);
  }
}
