import uPlot from 'uplot';
import type { EpochSeconds, Annotation, TimeSpan } from '../../src/metrics/protocol.ts';
import type { ChartKind, DrawnSeries } from './chartKinds.ts';
import type { Grid } from './grid.ts';
import { drawAnnotations, ANNOTATIONS_HEIGHT } from './annotations.ts';
import { barPaths, linePaths, isolatedPoints } from './paths.ts';
import { formatNumber, text } from '../texts.ts';
import { axisNumber, formatTime, momentTexts, type Unit } from './texts.ts';
import type { Theme } from './theme.ts';

export interface ChartOptions {
  readonly kind: ChartKind;
  readonly theme: Theme;
  readonly utc: boolean;
  /** What happened; asked for at each drawing. */
  readonly annotations: () => readonly Annotation[];
  /** Whether something went wrong in the period of an index, so that a click leads somewhere. */
  readonly hasErrors: (index: number) => boolean;
  readonly onZoom: (span: TimeSpan) => void;
}

/** The size of a chart where it stands, in CSS pixels; the style has its height. */
export function sizeOf(target: HTMLElement): { width: number; height: number } {
  const height = parseInt(getComputedStyle(target).getPropertyValue('--chart-height'), 10);
  return { width: target.clientWidth, height };
}

const SHARED = { mousemove: true, mouseleave: true };

/** Draws one chart, with nothing in it yet. The caller destroys it. */
export function drawChart(target: HTMLElement, options: ChartOptions): uPlot {
  const { kind, theme, utc } = options;
  return new uPlot(
    {
      ...sizeOf(target),
      tzDate: seconds => dateIn(seconds, utc),
      cursor: {
        // All charts of the panel share the crosshair; what is selected is of one of them.
        sync: { key: 'metrics', setSeries: false, filters: { pub: type => type in SHARED } },
        // Moments are shared, heights are of one chart only.
        y: false,
        drag: { x: true, y: false, setScale: false },
        focus: { prox: 24 },
        bind: {
          // With Shift the chart is moved.
          mousedown: (_, __, handler) => event => (event.shiftKey ? null : handler(event)),
          dblclick: () => null,
        },
      },
      legend: { live: true, markers: { dash: (_, index) => markerOf(kind.series[index - 1]) } },
      scales: {
        x: { time: true, range: (_, first, last) => [first, last] },
        y: { range: fromZero },
        percent: { range: [0, 104] },
        count: { range: fromZero },
      },
      series: [
        { label: text('time'), value: (_, seconds) => (seconds ? formatTime(seconds, utc) : '') },
        ...kind.series.map(series => seriesOptions(series, theme)),
      ],
      axes: axesOf(theme, kind, utc),
      // Moments are below one another, whether a chart has an axis at its right or not.
      padding: [ANNOTATIONS_HEIGHT, hasRightAxis(kind) ? null : RIGHT_AXIS, null, null],
      hooks: {
        setSelect: [chart => zoom(chart, options)],
        setCursor: [chart => point(chart, options)],
        // Below what was measured: an annotation never hides a point.
        drawAxes: [chart => drawAnnotations(chart, options.annotations(), theme)],
      },
    },
    [[], ...kind.series.map(() => [])],
    target,
  );
}

/** Shows other data. @param span what is seen of it */
export function showData(chart: uPlot, kind: ChartKind, grid: Grid, span: TimeSpan): void {
  chart.batch(() => {
    chart.setData([grid.times, ...kind.series.map(({ id }) => grid.column(id))], false);
    setVisibleSpan(chart, span);
  });
}

/** Sets the span of time that a chart shows, in seconds. */
export function setVisibleSpan(chart: uPlot, { start, end }: TimeSpan): void {
  chart.setScale('x', { min: start, max: end });
}

/** uPlot's own types leave out the last: whether other charts get the crosshair too. */
interface SharedCursor {
  setCursor(at: { left: number; top: number }, fire: boolean, publish: boolean): void;
}

/** Puts the crosshair of all charts at a moment, as the pointer does. */
export function pointAt(chart: uPlot, moment: EpochSeconds): void {
  const shared: SharedCursor = chart;
  shared.setCursor({ left: chart.valToPos(moment, 'x'), top: 10 }, true, true);
}

function fromZero(_: uPlot, __: number, most: number | null): uPlot.Range.MinMax {
  return [0, most !== null && most > 0 ? most * 1.08 : 1];
}

/** uPlot reads the local parts of a date, so that UTC needs one whose local parts are UTC's. */
function dateIn(seconds: number, utc: boolean): Date {
  const date = new Date(seconds * 1000);
  return utc ? uPlot.tzDate(date, 'Etc/UTC') : date;
}

/** Pixels of a line. */
const WIDTH = 1.5;
/** Pixels of a point that stands alone: the only one of a series is seen at a glance. */
const POINT = 9;
/** Pixels between two labels of an axis. */
const LABEL_GAP = 14;

/** The border of a line's sign in the legend: what its line is made of. */
function markerOf(series: DrawnSeries | undefined): string {
  const [drawn = 0] = series?.dash ?? [];
  if (drawn === 0) return 'solid';
  return drawn > 3 ? 'dashed' : 'dotted';
}

function seriesOptions(series: DrawnSeries, theme: Theme): uPlot.Series {
  const colour = theme.chart(series.colour);
  return {
    label: text(series.id),
    scale: series.right ?? 'y',
    stroke: colour,
    ...(series.dash && { dash: [...series.dash] }),
    ...(series.bars
      ? // An edge would draw a bar of nothing too.
        { fill: colour, width: 0, paths: barPaths }
      : { width: WIDTH, paths: linePaths(colour, WIDTH, series.dash) }),
    spanGaps: false,
    // A line needs two points beside each other: one between gaps is drawn as a dot.
    points: series.bars
      ? { show: false }
      : {
          size: POINT,
          fill: colour,
          filter: (chart, index, show) => (show ? null : isolatedPoints(chart, index)),
        },
    value: (_, value: number | null) => (value === null ? '–' : formatNumber(value)),
  };
}

/** Steps of counts: half an invocation is none. */
const WHOLE = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8].flatMap(each => [
  each,
  2 * each,
  5 * each,
]);

/** Pixels. */
const LEFT_AXIS = 64;
const RIGHT_AXIS = 52;

/** How wide the labels of a time axis are, with seconds where they are seen. */
function widthOfMoments(moments: readonly number[], utc: boolean, theme: Theme): number {
  const [first = 0, last = 0] = moments;
  const noon = Math.floor(first / 86_400) * 86_400 + 43_200;
  const step = last - first < 600 ? 1 : 60;
  return textWidth(momentTexts([noon, noon + 35_999], step, utc), theme);
}

const measuring = document.createElement('canvas').getContext('2d');

/** CSS pixels of the widest line. */
function textWidth(texts: readonly string[], { font }: Theme): number {
  if (measuring === null) return 0;
  measuring.font = font;
  const lines = texts.flatMap(each => each.split('\n'));
  return Math.ceil(Math.max(0, ...lines.map(line => measuring.measureText(line).width)));
}

function hasRightAxis({ series }: ChartKind): boolean {
  return series.some(({ right }) => right !== undefined);
}

function axesOf(theme: Theme, kind: ChartKind, utc: boolean): uPlot.Axis[] {
  const { unit, series } = kind;
  const shared = { stroke: theme.foreground, font: theme.font };
  const lines = { stroke: theme.grid, width: 0.25 };
  const axis = { ...shared, grid: lines, ticks: lines };
  const numbers = (of: Unit) => (_: uPlot, splits: number[]) =>
    splits.map(value => axisNumber(value, of));
  const count = { values: numbers(undefined), incrs: WHOLE };
  const left = unit === 'milliseconds' ? { values: numbers('millisecond') } : count;
  const scale = series.find(each => each.right !== undefined)?.right;
  const percent = { splits: [0, 25, 50, 75, 100], values: numbers('percent') };
  const right: uPlot.Axis = {
    ...axis,
    scale,
    // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- uPlot declares an enum that it does not export
    side: 1,
    grid: { show: false },
    ...(scale === 'percent' ? percent : count),
    size: RIGHT_AXIS,
  };
  const time: uPlot.Axis = {
    ...axis,
    values: (_, splits, __, ___, step) => momentTexts(splits, step, utc),
    // A label of any language fits beside the next.
    space: (_, __, first, last) => widthOfMoments([first, last], utc, theme) + LABEL_GAP,
  };
  const leftSize = (_: uPlot, labels: string[] | null): number =>
    Math.max(LEFT_AXIS, textWidth(labels ?? [], theme) + LABEL_GAP);
  return [time, { ...axis, ...left, size: leftSize }, ...(hasRightAxis(kind) ? [right] : [])];
}

function zoom(chart: uPlot, { onZoom }: ChartOptions): void {
  const { left, width } = chart.select;
  if (width < 4) return;
  const [times] = chart.data;
  const first = times[chart.posToIdx(left)];
  const last = times[chart.posToIdx(left + width)];
  chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  const period = (times[1] ?? 0) - (times[0] ?? 0);
  if (first !== undefined && last !== undefined && last >= first) {
    onZoom({ start: first, end: last + period });
  }
}

/** What can be clicked looks like it. */
function point(chart: uPlot, { hasErrors }: ChartOptions): void {
  const { idx } = chart.cursor;
  const leads = idx !== null && idx !== undefined && hasErrors(idx);
  chart.over.classList.toggle('leads', leads);
}
