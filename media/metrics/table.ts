import type { MetricsReply, SeriesId } from '../../src/metrics/protocol.ts';
import { MILLISECONDS, SERIES } from './chartKinds.ts';
import { button, element } from '../dom.ts';
import { gridOf } from './grid.ts';
import { csvOf, rowsOf, type Row } from './rows.ts';
import { formatNumber, text } from '../texts.ts';
import { formatTime } from './texts.ts';

type SortKey = 'time' | SeriesId;

/** Rows beyond these are in the CSV: a page of 20,000 rows is of no use. */
const MAX_ROWS = 1000;

interface Order {
  readonly key: SortKey;
  readonly descending: boolean;
}

/** The numbers of the charts as a table, which sorts by its headings and can be copied. */
export class MetricsTable {
  readonly element: HTMLElement;
  readonly #head = element('tr');
  readonly #body = element('tbody');
  readonly #more = element('p', { class: 'note' });
  readonly #scroller: HTMLElement;
  #rows: readonly Row[] = [];
  #utc = false;
  #order: Order = { key: 'time', descending: true };

  constructor(onCopy: (csv: string) => void) {
    const copy = button(text('copyCsv'), () => onCopy(csvOf(this.#rows)));
    const head = element('thead', {}, this.#head);
    const table = element('table', { label: text('table') }, head, this.#body);
    this.#scroller = element('div', { class: 'scroller' }, table);
    this.#scroller.tabIndex = 0;
    this.element = element('div', {}, copy, this.#scroller, this.#more);
  }

  /** Shows other numbers, in the order that was chosen. */
  show(reply: MetricsReply, utc: boolean): void {
    this.#rows = rowsOf(gridOf(reply));
    this.#utc = utc;
    this.#draw();
  }

  #sort(key: SortKey): void {
    const { key: before, descending } = this.#order;
    this.#order = { key, descending: before === key ? !descending : true };
    this.#draw();
  }

  #draw(): void {
    const focused = this.#head.querySelector<HTMLElement>(':focus')?.dataset['key'];
    const { key, descending } = this.#order;
    // What has no value comes after all that have one.
    const value = (row: Row): number => (key === 'time' ? row.time : (row.values[key] ?? -1));
    const sign = descending ? -1 : 1;
    const sorted = [...this.#rows].sort((a, b) => sign * (value(a) - value(b)));
    const shown = sorted.slice(0, MAX_ROWS);
    this.#body.replaceChildren(...shown.map(row => rowElement(row, this.#utc)));
    this.#head.replaceChildren(...headings(this.#order, each => this.#sort(each)));
    this.#head.querySelector<HTMLElement>(`[data-key="${focused ?? ''}"]`)?.focus();
    this.#more.textContent =
      sorted.length > MAX_ROWS ? text('moreRows', MAX_ROWS, formatNumber(sorted.length)) : '';
    this.#scroller.hidden = sorted.length === 0;
  }
}

function headings(sorted: Order, sort: (key: SortKey) => void): HTMLElement[] {
  return (['time', ...SERIES] as const).map(key => {
    const heading = element('th');
    const unit = key !== 'time' && MILLISECONDS.has(key) ? ' (ms)' : '';
    const control = element('button', { onclick: () => sort(key) }, text(key) + unit);
    control.type = 'button';
    control.dataset['key'] = key;
    heading.scope = 'col';
    const direction = sorted.descending ? 'descending' : 'ascending';
    heading.setAttribute('aria-sort', sorted.key === key ? direction : 'none');
    heading.append(control);
    return heading;
  });
}

function rowElement({ time, values }: Row, utc: boolean): HTMLElement {
  const cells = SERIES.map(id => {
    const value = values[id];
    return element('td', {}, value === undefined ? '–' : formatNumber(value));
  });
  const heading = element('th', {}, formatTime(time, utc));
  heading.scope = 'row';
  return element('tr', {}, heading, ...cells);
}
