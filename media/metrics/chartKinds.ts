import type { SeriesId } from '../../src/metrics/protocol.ts';

export interface DrawnSeries {
  readonly id: SeriesId;
  /** The name of VS Code's chart colour: `--vscode-charts-<colour>`. */
  readonly colour: 'blue' | 'red' | 'green' | 'purple' | 'yellow';
  /** Counts are bars, the rest lines. */
  readonly bars?: boolean;
  /** Drawn against the right axis: percent from 0 to 100, or counts beside milliseconds. */
  readonly right?: 'percent' | 'count';
  /**
   * Pixels drawn and left out, so that lines beside each other are distinguished without colours
   * too.
   */
  readonly dash?: readonly [drawn: number, left: number];
}

export interface ChartKind {
  /** Its name among the texts. */
  readonly title: string;
  readonly unit: 'count' | 'milliseconds';
  readonly series: readonly DrawnSeries[];
}

/** The charts of a function, in their order. The first two are those of Lambda's console. */
export const CHARTS: readonly ChartKind[] = [
  {
    title: 'invocations',
    unit: 'count',
    series: [{ id: 'invocations', colour: 'blue', bars: true }],
  },
  {
    title: 'errorsAndSuccessRate',
    unit: 'count',
    series: [
      { id: 'errors', colour: 'red', bars: true },
      { id: 'successRate', colour: 'green', right: 'percent' },
    ],
  },
  {
    title: 'duration',
    unit: 'milliseconds',
    series: [
      { id: 'durationP50', colour: 'blue' },
      { id: 'durationP95', colour: 'yellow', dash: [9, 3] },
      { id: 'durationMaximum', colour: 'purple', dash: [3, 3] },
    ],
  },
  {
    title: 'throttlesAndConcurrency',
    unit: 'count',
    series: [
      { id: 'throttles', colour: 'red', bars: true },
      { id: 'concurrency', colour: 'blue' },
    ],
  },
  {
    title: 'asynchronous',
    unit: 'milliseconds',
    series: [
      { id: 'asyncAge', colour: 'blue' },
      { id: 'asyncDropped', colour: 'red', bars: true, right: 'count' },
      { id: 'deadLetterErrors', colour: 'yellow', dash: [4, 4], right: 'count' },
    ],
  },
];

/** The series that are in milliseconds. */
export const MILLISECONDS: ReadonlySet<SeriesId> = new Set(
  CHARTS.filter(({ unit }) => unit === 'milliseconds').flatMap(({ series }) =>
    series.filter(({ right }) => right === undefined).map(({ id }) => id),
  ),
);

/** Every series, in the order of the table's columns. */
export const SERIES: readonly SeriesId[] = CHARTS.flatMap(({ series }) =>
  series.map(({ id }) => id),
);
