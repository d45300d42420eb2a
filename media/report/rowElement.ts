import type { TableRow } from '../../src/jobs/report/protocol.ts';
import { element } from '../dom.ts';
import { formatNumber, text } from '../texts.ts';

export type Column = 'status' | 'key' | 'error' | 'message' | 'version' | 'bucket';

/** The columns in their order; versions and buckets only where they distinguish rows. */
export function columnsOf(shown: { showsVersions: boolean; showsBuckets: boolean }): Column[] {
  return [
    'status',
    'key',
    'error',
    'message',
    ...(shown.showsVersions ? (['version'] as const) : []),
    ...(shown.showsBuckets ? (['bucket'] as const) : []),
  ];
}

/** What a cell says. */
export function cellText(column: Column, row: TableRow): string {
  switch (column) {
    case 'status':
      return text(row.succeeded ? 'succeeded' : 'failed');
    case 'key':
      return row.key;
    case 'error':
      return errorText(row);
    case 'message':
      return row.message;
    case 'version':
      return row.versionId ?? '';
    case 'bucket':
      return row.bucket;
  }
}

/** `AccessDenied (403)`; of a success its status, which is always the same, is left out. */
function errorText({ succeeded, errorCode, httpStatus }: TableRow): string {
  if (httpStatus === undefined) return errorCode;
  if (succeeded) return '';
  return errorCode === '' ? String(httpStatus) : `${errorCode} (${httpStatus})`;
}

/** A row of the table. @param index counted from 0, below the heading */
export function rowElement(
  index: number,
  row: TableRow | undefined,
  columns: readonly Column[],
  isActive: boolean,
): HTMLElement {
  const made = element('div', { role: 'row', class: isActive ? 'row active' : 'row' });
  made.id = rowId(index);
  made.dataset['row'] = String(index);
  // The heading is the first.
  made.ariaRowIndex = String(index + 2);
  made.ariaSelected = String(isActive);
  if (row === undefined) {
    made.ariaBusy = 'true';
    const waiting = element('span', { role: 'gridcell', class: 'waiting' }, text('reading'));
    made.append(waiting);
    return made;
  }
  made.append(...columns.map(column => cellElement(column, row)));
  return made;
}

/** By which the table names its active row. */
export function rowId(index: number): string {
  return `row-${index}`;
}

function cellElement(column: Column, row: TableRow): HTMLElement {
  const said = cellText(column, row);
  if (column !== 'status')
    return element('span', { role: 'gridcell', class: column, title: said }, said);
  const name = row.succeeded ? 'good' : 'bad';
  const mark = element('span', { class: `mark ${name}` }, row.succeeded ? '✓' : '✗');
  mark.ariaHidden = 'true';
  const unseen = element('span', { class: 'unseen' }, said);
  return element('span', { role: 'gridcell', class: 'status', title: said }, mark, unseen);
}

/** `Row 12 of 345`. */
export function placeText(index: number, rows: number): string {
  return text('rowOf', formatNumber(index + 1), formatNumber(rows));
}
