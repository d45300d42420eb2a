import uPlot from 'uplot';

const bars = uPlot.paths.bars?.({ size: [0.8, 24, 1] });

/**
 * Bars from zero; where there are more of them than pixels, the highest of each pixel: twenty thousand
 * rectangles would take longer than a frame.
 */
export const barPaths: uPlot.Series.PathBuilder = (chart, series, first, last) =>
  last - first < chart.over.clientWidth
    ? (bars?.(chart, series, first, last) ?? null)
    : columnPaths(chart, series, first, last);

function columnPaths(chart: uPlot, series: number, first: number, last: number) {
  const [times = [], ...columns] = chart.data;
  const values = columns[series - 1] ?? [];
  const scale = chart.series[series]?.scale ?? 'y';
  const { min, max } = chart.scales['x'] ?? {};
  const { left, width } = chart.bbox;
  const start = min ?? 0;
  const pixelsPerSecond = width / Math.max(1, (max ?? 1) - start);
  const highest = new Float64Array(Math.ceil(width) + 1);
  for (let index = first; index <= last; index++) {
    const value = values[index];
    const x = Math.round(((times[index] ?? 0) - start) * pixelsPerSecond);
    if (value && value > (highest[x] ?? Infinity)) highest[x] = value;
  }
  const fill = new Path2D();
  const zero = chart.valToPos(0, scale, true);
  highest.forEach((value, x) => {
    if (value === 0) return;
    const top = chart.valToPos(value, scale, true);
    fill.rect(left + x, top, 1, zero - top);
  });
  return { fill, stroke: null };
}

/**
 * Points of a line that have none beside them, which a line alone would not show; one a pixel at most.
 *
 * @returns their indices among those that are seen
 */
export function lonelyPoints(chart: uPlot, series: number): number[] {
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
