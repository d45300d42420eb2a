import type { SeriesId } from '../../src/metrics/protocol.ts';
import { SERIES } from './chartKinds.ts';
import type { Grid } from './grid.ts';

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
