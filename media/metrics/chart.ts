import uPlot from 'uplot';
import type { Mark, MetricsReply, TimeSpan } from '../../src/metrics/protocol.ts';
import type { ChartKind, DrawnSeries } from './chartKinds.ts';
import type { Column, Grid } from './grid.ts';
import { formatNumber, formatTime, text } from './texts.ts';
import type { Theme } from './theme.ts';

export interface ChartOptions {
  readonly kind: ChartKind;
  readonly grid: Grid;
  readonly reply: MetricsReply;
  readonly marks: readonly Mark[];
  readonly theme: Theme;
  readonly utc: boolean;
  /** Charts with the same key share their crosshair. */
  readonly group: string;
  readonly width: number;
  readonly onZoom: (span: TimeSpan) => void;
  readonly onPoint: (span: TimeSpan, index: number) => void;
}

const HEIGHT = 180;

/** Draws one chart. The caller destroys it. */
export function drawChart(target: HTMLElement, options: ChartOptions): uPlot {
  const { kind, grid, theme, utc, group, width } = options;
  const columns = kind.series.map(({ id }) => grid.column(id));
  const chart = new uPlot(
    {
      width,
      height: HEIGHT,
      tzDate: seconds => dateIn(seconds, utc),
      cursor: {
        sync: { key: group, setSeries: false },
        drag: { x: true, y: false, setScale: false },
        focus: { prox: 24 },
      },
      legend: { live: true },
      scales: {
        x: { time: true, range: [options.reply.span.start, options.reply.span.end] },
        y: { range: (_, __, most) => [0, most > 0 ? most * 1.08 : 1] },
        percent: { range: [0, 104] },
        count: { range: (_, __, most) => [0, most > 0 ? most * 1.08 : 1] },
      },
      series: [
        { label: text('time'), value: (_, seconds) => (seconds ? formatTime(seconds, utc) : '–') },
        ...kind.series.map((series, index) => seriesOptions(series, columns[index] ?? [], theme)),
      ],
      axes: axesOf(theme, kind),
      hooks: {
        setSelect: [self => zoom(self, options)],
        draw: [self => drawMarks(self, options.marks, theme)],
      },
    },
    [grid.times, ...columns],
    target,
  );
  chart.over.addEventListener('click', () => openPoint(chart, options));
  return chart;
}

/** uPlot reads the local parts of a date, so that UTC needs one whose local parts are UTC's. */
function dateIn(seconds: number, utc: boolean): Date {
  const date = new Date(seconds * 1000);
  return utc ? uPlot.tzDate(date, 'Etc/UTC') : date;
}

function seriesOptions(series: DrawnSeries, column: Column, theme: Theme): uPlot.Series {
  const colour = theme.chart(series.colour);
  return {
    label: text(series.id),
    scale: series.right ?? 'y',
    stroke: colour,
    width: 1.5,
    ...(series.dashed && { dash: [4, 4] }),
    ...(series.bars && { fill: colour, paths: uPlot.paths.bars?.({ size: [0.8, 24, 1] }) }),
    spanGaps: false,
    // A line needs two points beside each other: one between gaps is drawn as a dot.
    points: series.bars
      ? { show: false }
      : { size: 5, fill: colour, filter: (_, __, show) => (show ? null : lonely(column)) },
    value: (_, value: number | null) => (value === null ? '–' : formatNumber(value)),
  };
}

function lonely(column: Column): number[] {
  const isGap = (index: number): boolean => (column[index] ?? null) === null;
  return [...column.keys()].filter(at => !isGap(at) && isGap(at - 1) && isGap(at + 1));
}

function axesOf(theme: Theme, { unit, series }: ChartKind): uPlot.Axis[] {
  const shared = { stroke: theme.foreground, font: theme.font };
  const lines = { stroke: theme.grid, width: 0.25 };
  const axis = { ...shared, grid: lines, ticks: lines };
  const values = (_: uPlot, splits: number[]): string[] =>
    splits.map(value => (unit === 'milliseconds' ? `${formatNumber(value)} ms` : countText(value)));
  const left: uPlot.Axis = { ...axis, values, size: 64 };
  const scale = series.find(each => each.right !== undefined)?.right;
  const percent = {
    splits: [0, 25, 50, 75, 100],
    values: (_: uPlot, splits: number[]) => splits.map(value => `${value} %`),
  };
  const count = { values: (_: uPlot, splits: number[]) => splits.map(countText) };
  const right: uPlot.Axis = {
    ...axis,
    scale,
    // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- uPlot declares an enum that it does not export
    side: 1,
    grid: { show: false },
    ...(scale === 'percent' ? percent : count),
    size: 52,
  };
  return [axis, left, ...(scale === undefined ? [] : [right])];
}

/** Half an invocation is none. */
function countText(value: number): string {
  return Number.isInteger(value) ? formatNumber(value) : '';
}

function zoom(chart: uPlot, { grid, reply, onZoom }: ChartOptions): void {
  const { left, width } = chart.select;
  if (width < 4) return;
  const first = grid.times[chart.posToIdx(left)];
  const last = grid.times[chart.posToIdx(left + width)];
  chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  if (first !== undefined && last !== undefined && last >= first) {
    onZoom({ start: first, end: last + reply.period });
  }
}

/** Tells which period was clicked or chosen by key. */
export function openPoint(chart: uPlot, { grid, reply, onPoint }: ChartOptions): void {
  const index = chart.cursor.idx;
  const start = index === null || index === undefined ? undefined : grid.times[index];
  if (index === null || index === undefined || start === undefined) return;
  onPoint({ start, end: start + reply.period }, index);
}

function drawMarks(chart: uPlot, marks: readonly Mark[], theme: Theme): void {
  const { ctx, bbox } = chart;
  ctx.save();
  ctx.strokeStyle = theme.mark;
  ctx.fillStyle = theme.mark;
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([4 * devicePixelRatio, 4 * devicePixelRatio]);
  for (const mark of marks) {
    const x = Math.round(chart.valToPos(mark.time, 'x', true));
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    const size = 4 * devicePixelRatio;
    ctx.beginPath();
    ctx.moveTo(x - size, bbox.top);
    ctx.lineTo(x + size, bbox.top);
    ctx.lineTo(x, bbox.top + 1.5 * size);
    ctx.fill();
  }
  ctx.restore();
}
