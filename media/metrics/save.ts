import type uPlot from 'uplot';
import { ask } from './host.ts';
import type { ChartKind, DrawnSeries } from './chartKinds.ts';
import type { Grid } from './grid.ts';
import { formatTime, text } from './texts.ts';
import type { Theme } from './theme.ts';

const TITLE_HEIGHT = 28;

/** The chart as it is drawn, with its title, as a PNG. @returns base64 */
export function pngOf(chart: uPlot, title: string, theme: Theme): string {
  const { canvas } = chart.ctx;
  const scale = devicePixelRatio;
  const picture = document.createElement('canvas');
  picture.width = canvas.width;
  picture.height = canvas.height + TITLE_HEIGHT * scale;
  const context = picture.getContext('2d');
  if (context === null) throw new Error('The browser gives no canvas.');
  context.fillStyle = theme.background;
  context.fillRect(0, 0, picture.width, picture.height);
  context.fillStyle = theme.foreground;
  context.font = `${14 * scale}px sans-serif`;
  context.fillText(title, 8 * scale, 19 * scale);
  context.drawImage(canvas, 0, TITLE_HEIGHT * scale);
  return picture.toDataURL('image/png').split(',')[1] ?? '';
}

const WIDTH = 800;
const HEIGHT = 240;
const MARGIN = 40;

/** The chart drawn anew as an SVG, each series on its own scale from 0. @returns base64 */
export function svgOf(kind: ChartKind, grid: Grid, title: string, theme: Theme): string {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const add = (name: string, attributes: Record<string, string | number>, content = ''): void => {
    const child = document.createElementNS('http://www.w3.org/2000/svg', name);
    for (const [key, value] of Object.entries(attributes)) child.setAttribute(key, String(value));
    child.textContent = content;
    svg.append(child);
  };
  svg.setAttribute('viewBox', `0 0 ${WIDTH} ${HEIGHT}`);
  const label = { fill: theme.foreground, 'font-family': 'sans-serif', 'font-size': 11 };
  add('rect', { width: WIDTH, height: HEIGHT, fill: theme.background });
  add('text', { ...label, x: MARGIN, y: 18, 'font-size': 14 }, title);
  const [first = 0] = grid.times;
  add('text', { ...label, x: MARGIN, y: HEIGHT - 8 }, formatTime(first, true));
  add(
    'text',
    { ...label, x: WIDTH - MARGIN, y: HEIGHT - 8, 'text-anchor': 'end' },
    `${formatTime(grid.times.at(-1) ?? first, true)} UTC`,
  );
  const columns = kind.series.map(series => ({ series, column: grid.column(series.id) }));
  const most = (right: DrawnSeries['right']): number =>
    columns
      .filter(({ series }) => series.right === right)
      .flatMap(({ column }) => column)
      .reduce<number>((max, value) => Math.max(max, value ?? 0), 0) || 1;
  columns.forEach(({ series, column }, index) => {
    const top = series.right === 'percent' ? 100 : most(series.right);
    const d = pathOf(column, top);
    const stroke = theme.chart(series.colour);
    add('path', { d, stroke, fill: 'none', 'stroke-width': 1.5, 'stroke-linecap': 'round' });
    const legend = `${text(series.id)} (0–${top})`;
    add('text', { ...label, x: MARGIN + 200 * index, y: 36, fill: stroke }, legend);
  });
  return base64(new XMLSerializer().serializeToString(svg));
}

/** Lines between points beside each other; a point between gaps is a dot. */
function pathOf(column: readonly (number | null)[], top: number): string {
  const x = (index: number): string =>
    (MARGIN + ((WIDTH - 2 * MARGIN) * index) / Math.max(1, column.length - 1)).toFixed(1);
  const y = (value: number): string => (HEIGHT - 28 - ((HEIGHT - 76) * value) / top).toFixed(1);
  return column
    .map((value, index) => {
      if (value === null) return '';
      const before = column[index - 1];
      const start = before === null || before === undefined;
      return `${start ? 'M' : 'L'}${x(index)} ${y(value)}${start ? 'h0' : ''}`;
    })
    .join('');
}

function base64(content: string): string {
  const bytes = new TextEncoder().encode(content);
  return btoa(Array.from(bytes, byte => String.fromCharCode(byte)).join(''));
}

/** Lets the host ask where, and write it. @returns where it is now; undefined when given up */
export async function save(name: string, content: string): Promise<string | undefined> {
  return (await ask('saveFile', { name, base64: content }))?.path;
}
