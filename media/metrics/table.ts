import type { MetricsReply, SeriesId } from '../../src/metrics/protocol.ts';
import { SERIES } from './chartKinds.ts';
import { element } from './dom.ts';
import type { Grid } from './grid.ts';
import { formatNumber, formatTime, text } from './texts.ts';

export interface Row {
  readonly time: number;
  readonly values: Readonly<Partial<Record<SeriesId, number>>>;
}

/** The periods in which anything was counted. */
export function rowsOf(grid: Grid): Row[] {
  const columns = SERIES.map(id => [id, grid.column(id)] as const);
  return grid.times.flatMap((time, index) => {
    const values = columns.flatMap(([id, column]) => {
      const value = column[index];
      return value === null || value === undefined ? [] : [[id, value] as const];
    });
    return values.length === 0 ? [] : [{ time, values: Object.fromEntries(values) }];
  });
}

/** The same numbers as text, for a spreadsheet: times in UTC by ISO 8601. */
export function csvOf(rows: readonly Row[]): string {
  const header = ['Time', ...SERIES].join(',');
  const lines = rows.map(({ time, values }) =>
    [new Date(time * 1000).toISOString(), ...SERIES.map(id => values[id] ?? '')].join(','),
  );
  return `${[header, ...lines].join('\r\n')}\r\n`;
}

type SortKey = 'time' | SeriesId;

/** Rows beyond these are in the CSV: a page of 20,000 rows is of no use. */
const MOST_ROWS = 1000;

/** A table that sorts by a click on a heading. */
export function tableOf(grid: Grid, reply: MetricsReply, utc: boolean): HTMLElement {
  const rows = rowsOf(grid);
  let sorted: { key: SortKey; descending: boolean } = { key: 'time', descending: true };
  const body = element('tbody');
  const head = element('tr');
  const draw = (): void => {
    const key = sorted.key;
    const value = (row: Row): number => (key === 'time' ? row.time : (row.values[key] ?? -1));
    const order = sorted.descending ? -1 : 1;
    const shown = [...rows].sort((a, b) => order * (value(a) - value(b))).slice(0, MOST_ROWS);
    body.replaceChildren(...shown.map(row => rowElement(row, utc)));
    head.replaceChildren(...headings(sorted, key_ => sort(key_)));
  };
  const sort = (key: SortKey): void => {
    sorted = { key, descending: sorted.key === key ? !sorted.descending : true };
    draw();
    head.querySelector<HTMLElement>(`[data-key="${key}"]`)?.focus();
  };
  draw();
  const table = element('table', { label: text('table') }, element('thead', {}, head), body);
  const scroller = element('div', { class: 'scroller' }, table);
  scroller.tabIndex = 0;
  return reply.series.invocations === undefined && rows.length === 0 ? element('div') : scroller;
}

function headings(
  sorted: { key: SortKey; descending: boolean },
  sort: (key: SortKey) => void,
): HTMLElement[] {
  return (['time', ...SERIES] as const).map(key => {
    const heading = element('th');
    const control = element('button', { onclick: () => sort(key) }, text(key));
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
