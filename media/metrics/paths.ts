import uPlot from 'uplot';
import type { DrawnSeries } from './chartKinds.ts';

type Paths = uPlot.Series.PathBuilder;

const bars = uPlot.paths.bars?.({ size: [0.8, 24, 1] });
const line = uPlot.paths.linear?.();

/** Bars from zero; where there are more of them than pixels, the highest of each pixel. */
export const barPaths: Paths = (chart, series, first, last) => {
  if (last - first < chart.over.clientWidth) return bars?.(chart, series, first, last) ?? null;
  const { tops, scale } = columnsOf(chart, series, [first, last], false);
  const zero = chart.valToPos(0, scale, true);
  const bottoms = tops.map(top => (top < zero ? zero : NaN));
  return { stroke: null, fill: outline(chart, tops, bottoms) };
};

/**
 * A line; where it has more points than there are pixels, all that it passes in each pixel: twenty
 * thousand strokes would take longer than a frame.
 */
export function linePaths(colour: string, width: number, dash?: DrawnSeries['dash']): Paths {
  const [drawn, left] = dash ?? [1, 0];
  return (chart, series, first, last) => {
    if (last - first < chart.over.clientWidth) return line?.(chart, series, first, last) ?? null;
    const { tops, bottoms } = columnsOf(chart, series, [first, last], true);
    const half = (width / 2) * devicePixelRatio;
    const isShown = (x: number): boolean => x % (drawn + left) < drawn;
    const fill = outline(
      chart,
      tops.map(top => top - half),
      bottoms.map((bottom, x) => (isShown(x) ? bottom + half : NaN)),
    );
    return { stroke: null, fill, _fill: colour };
  };
}

/**
 * From where to where a series reaches in each column of pixels, in pixels; NaN where it is not.
 *
 * @param joined whether points are joined to a line, which also passes from one column to the next
 */
function columnsOf(
  chart: uPlot,
  series: number,
  [first, last]: readonly [number, number],
  joined: boolean,
) {
  const [times = [], ...columns] = chart.data;
  const values = columns[series - 1] ?? [];
  const scale = chart.series[series]?.scale ?? 'y';
  const { min, max } = chart.scales['x'] ?? {};
  const start = min ?? 0;
  const pixelsPerSecond = chart.bbox.width / Math.max(1, (max ?? 1) - start);
  const length = Math.ceil(chart.bbox.width) + 1;
  const highest = new Float64Array(length).fill(NaN);
  const lowest = new Float64Array(length).fill(NaN);
  const reach = (x: number, value: number): void => {
    if (!((highest[x] ?? 0) >= value)) highest[x] = value;
    if (!((lowest[x] ?? 0) <= value)) lowest[x] = value;
  };
  let before: number | null | undefined;
  for (let index = first; index <= last; index++) {
    const value = values[index];
    const x = Math.round(((times[index] ?? 0) - start) * pixelsPerSecond);
    if (value !== null && value !== undefined) {
      reach(x, value);
      if (before !== null && before !== undefined) reach(x, before);
    }
    if (joined) before = value;
  }
  const toPixels = (value: number): number => chart.valToPos(value, scale, true);
  return { tops: highest.map(toPixels), bottoms: lowest.map(toPixels), scale };
}

/** What lies between tops and bottoms, as few shapes: many take longer than a frame to be filled. */
function outline({ bbox: { left } }: uPlot, tops: Float64Array, bottoms: Float64Array): Path2D {
  const path = new Path2D();
  const isThere = (x: number): boolean => !Number.isNaN((tops[x] ?? NaN) + (bottoms[x] ?? NaN));
  for (let x = 0; x < tops.length; x++) {
    if (!isThere(x)) continue;
    const first = x;
    path.moveTo(left + x, bottoms[x] ?? 0);
    for (; isThere(x); x++) {
      path.lineTo(left + x, tops[x] ?? 0);
      path.lineTo(left + x + 1, tops[x] ?? 0);
    }
    for (let back = x - 1; back >= first; back--) {
      path.lineTo(left + back + 1, bottoms[back] ?? 0);
      path.lineTo(left + back, bottoms[back] ?? 0);
    }
  }
  return path;
}

/**
 * Points of a line that have none beside them, which a line alone would not show; one a pixel at most.
 *
 * @returns their indices among those that are seen
 */
export function isolatedPoints(chart: uPlot, series: number): number[] {
  const column = chart.data[series] ?? [];
  const [first, last] = chart.series[0]?.idxs ?? [0, column.length - 1];
  const isGap = (index: number): boolean => (column[index] ?? null) === null;
  const step = Math.max(1, Math.floor((last - first) / Math.max(1, chart.over.clientWidth)));
  const found: number[] = [];
  let next = first;
  for (let index = first; index <= last; index++) {
    if (index < next || isGap(index) || !isGap(index - 1) || !isGap(index + 1)) continue;
    found.push(index);
    next = index + step;
  }
  return found;
}
