import type uPlot from 'uplot';
import type { ChartKind } from './chartKinds.ts';
import { ask } from './host.ts';
import { text } from '../texts.ts';
import type { Theme } from './theme.ts';

/** A line for the title, one for the legend. */
const TITLE_HEIGHT = 48;

/** The chart as it is drawn, with its title, as a PNG. @returns base64 */
export function pngOf(chart: uPlot, kind: ChartKind, title: string, theme: Theme): string {
  const { canvas } = chart.ctx;
  const scale = devicePixelRatio;
  const image = document.createElement('canvas');
  image.width = canvas.width;
  image.height = canvas.height + TITLE_HEIGHT * scale;
  const context = image.getContext('2d');
  if (context === null) throw new Error('The browser gives no canvas.');
  context.fillStyle = theme.background;
  context.fillRect(0, 0, image.width, image.height);
  context.fillStyle = theme.foreground;
  context.font = `${14 * scale}px sans-serif`;
  context.fillText(title, 8 * scale, 19 * scale);
  context.font = `${11 * scale}px sans-serif`;
  let left = 8 * scale;
  for (const { id, colour } of kind.series) {
    context.fillStyle = theme.chart(colour);
    context.fillRect(left, 30 * scale, 9 * scale, 9 * scale);
    context.fillStyle = theme.foreground;
    context.fillText(text(id), left + 14 * scale, 39 * scale);
    left += context.measureText(text(id)).width + 34 * scale;
  }
  context.drawImage(canvas, 0, TITLE_HEIGHT * scale);
  return image.toDataURL('image/png').split(',')[1] ?? '';
}

/** Lets the host ask where, and write it. @returns what to say; undefined when the person gave up */
export async function saveChart(name: string, base64: string): Promise<string | undefined> {
  const saved = await ask('saveFile', { name, base64 });
  return saved === null ? undefined : text('saved', saved.path);
}
