import type { ChartKind, DrawnSeries } from './chartKinds.ts';
import type { Column, Grid } from './grid.ts';
import { text } from '../texts.ts';
import { formatTime, formatUnit, type Unit } from './texts.ts';
import type { Theme } from './theme.ts';

const WIDTH = 900;
const MARGIN = 70;
/** Where the points are; above it the title and legend, below it the times. */
const TOP = 70;
const BOTTOM = 270;
const HEIGHT = 300;
const FONT = 11;
/** Around a point that stands alone. */
const RING = 'm-3 0a3 3 0 1 0 6 0a3 3 0 1 0-6 0';

type Attributes = Readonly<Record<string, string | number>>;

/** A chart as an SVG of its own, for a document. @returns base64 */
export function svgOf(
  kind: ChartKind,
  grid: Grid,
  title: string,
  theme: Theme,
  utc: boolean,
): string {
  const svg = svgElement('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}` });
  const label = { fill: theme.foreground, 'font-family': 'sans-serif', 'font-size': FONT };
  const add = (name: string, attributes: Attributes, content = ''): void =>
    svg.append(svgElement(name, attributes, content));
  add('rect', { width: WIDTH, height: HEIGHT, fill: theme.background });
  add('text', { ...label, x: MARGIN, y: 22, 'font-size': 14 }, title);
  for (const part of [0, 0.25, 0.5, 0.75, 1]) {
    const y = yOf(part);
    add('path', {
      d: `M${MARGIN} ${y}H${WIDTH - MARGIN}`,
      stroke: theme.grid,
      'stroke-width': 0.3,
    });
  }
  for (const { x, anchor, content } of timesOf(grid, utc)) {
    add('text', { ...label, x, y: HEIGHT - 10, 'text-anchor': anchor }, content);
  }
  let legendAt = MARGIN;
  for (const [side, most] of scalesOf(kind, grid)) {
    const x = side === undefined ? MARGIN - 6 : WIDTH - MARGIN + 6;
    const anchor = side === undefined ? 'end' : 'start';
    for (const part of [0, 0.5, 1]) {
      const value = formatUnit(part * most, unitOf(kind, side));
      add('text', { ...label, x, y: Number(yOf(part)) + 4, 'text-anchor': anchor }, value);
    }
    for (const series of kind.series.filter(({ right }) => right === side)) {
      const colour = theme.chart(series.colour);
      add(...drawn(series, grid.column(series.id), most, colour));
      const name = text(series.id);
      add('rect', { x: legendAt, y: 38, width: 10, height: 10, fill: colour });
      add('text', { ...label, x: legendAt + 15, y: 47 }, name);
      legendAt += 40 + name.length * FONT * 0.6;
    }
  }
  const bytes = new TextEncoder().encode(new XMLSerializer().serializeToString(svg));
  return btoa(Array.from(bytes, byte => String.fromCharCode(byte)).join(''));
}

function svgElement(name: string, attributes: Attributes, content = ''): SVGElement {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  made.textContent = content;
  return made;
}

/** Each axis with what is at its top. */
function scalesOf({ series }: ChartKind, grid: Grid): [DrawnSeries['right'], number][] {
  return [...new Set(series.map(({ right }) => right))].map(side => {
    if (side === 'percent') return [side, 100];
    const columns = series.filter(({ right }) => right === side).map(({ id }) => grid.column(id));
    const most = Math.max(...columns.map(highest));
    return [side, most > 0 ? most : 1];
  });
}

function highest(column: Column): number {
  return column.reduce<number>((most, value) => Math.max(most, value ?? 0), 0);
}

function unitOf({ unit }: ChartKind, side: DrawnSeries['right']): Unit {
  if (side === 'percent') return side;
  return side === undefined && unit === 'milliseconds' ? 'millisecond' : undefined;
}

function timesOf({ times }: Grid, utc: boolean) {
  const [first = 0] = times;
  const last = times.at(-1) ?? first;
  const zone = utc ? ' UTC' : '';
  return [
    { x: MARGIN, anchor: 'start', content: `${formatTime(first, utc)}${zone}` },
    { x: WIDTH - MARGIN, anchor: 'end', content: `${formatTime(last, utc)}${zone}` },
  ];
}

/** Bars from zero, or lines between points beside each other; a point between gaps is a dot. */
function drawn(
  { bars, dash }: DrawnSeries,
  column: Column,
  most: number,
  colour: string,
): [name: string, attributes: Attributes] {
  const d = column
    .map((value, index) => {
      if (value === null || (bars && value === 0)) return '';
      const at = `${xOf(index, column.length)} ${yOf(value / most)}`;
      if (bars) return `M${at}V${yOf(0)}`;
      if ((column[index - 1] ?? null) !== null) return `L${at}`;
      return (column[index + 1] ?? null) === null ? `M${at}${RING}` : `M${at}`;
    })
    .join('');
  const barWidth = Math.max(1, (0.7 * (WIDTH - 2 * MARGIN)) / Math.max(1, column.length));
  const line = { d, stroke: colour, fill: 'none' };
  if (bars) return ['path', { ...line, 'stroke-width': Math.min(24, barWidth).toFixed(1) }];
  const dashes: Attributes = dash
    ? { 'stroke-dasharray': dash.join(' ') }
    : { 'stroke-linecap': 'round' };
  return ['path', { ...line, 'stroke-width': 1.5, ...dashes }];
}

function xOf(index: number, length: number): string {
  return (MARGIN + ((WIDTH - 2 * MARGIN) * index) / Math.max(1, length - 1)).toFixed(1);
}

/** @param part of the height, from 0 at the bottom to 1 at the top */
function yOf(part: number): string {
  return (BOTTOM - (BOTTOM - TOP) * part).toFixed(1);
}
