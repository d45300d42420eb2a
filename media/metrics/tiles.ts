import type { MetricsReply, ShownFigure, Totals } from '../../src/metrics/protocol.ts';
import { element } from '../dom.ts';
import { formatNumber, text } from '../texts.ts';
import { formatSpan, formatUnit } from './texts.ts';

interface Tile {
  readonly name: string;
  readonly show: (totals: Totals) => string;
}

const percent = ({ successRate }: Totals): string =>
  successRate === undefined ? '–' : formatUnit(floorRate(successRate), 'percent');
const milliseconds = ({ durationP95 }: Totals): string =>
  durationP95 === undefined ? '–' : formatUnit(durationP95, 'millisecond', 0);

const TILES: readonly Tile[] = [
  { name: 'invocations', show: ({ invocations }) => formatNumber(invocations) },
  { name: 'errors', show: ({ errors }) => formatNumber(errors) },
  { name: 'successRate', show: percent },
  { name: 'durationP95', show: milliseconds },
];

/**
 * The figures of the whole range, each beside that of the range before. The range is named: whole periods
 * are a little longer than what was asked for.
 */
export function tilesOf(reply: MetricsReply, utc: boolean): HTMLElement {
  const { span, readAt } = reply;
  const end = Math.max(span.start, Math.min(span.end, readAt));
  const range = text('totalsOf', formatSpan({ start: span.start, end }, utc));
  return element('div', {}, element('p', { class: 'range' }, range), figures(reply));
}

function figures({ totals, before }: MetricsReply): HTMLElement {
  return element(
    'dl',
    { class: 'tiles' },
    ...TILES.map(({ name, show }) =>
      element(
        'div',
        { class: name === 'errors' && totals.errors > 0 ? 'tile bad' : 'tile' },
        element('dt', {}, text(name)),
        element('dd', { class: 'figure' }, show(totals)),
        element('dd', { class: 'before' }, before && text('before', show(before))),
      ),
    ),
  );
}

/** Reads the tiles back from the page. */
export function figuresOf(page: HTMLElement): ShownFigure[] {
  return [...page.querySelectorAll('.tile')].map(tile => ({
    label: tile.querySelector('dt')?.textContent ?? '',
    value: tile.querySelector('.figure')?.textContent ?? '',
  }));
}

/** Rounding never makes 100 % of less. */
function floorRate(rate: number): number {
  return Math.floor(rate * 100) / 100;
}
