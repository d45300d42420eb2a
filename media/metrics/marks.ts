import type uPlot from 'uplot';
import type { Mark, MarksReply } from '../../src/metrics/protocol.ts';
import { element } from './dom.ts';
import { groupMarks } from './markGroups.ts';
import { formatTime, text } from './texts.ts';
import type { Theme } from './theme.ts';

/** Each kind has a shape of its own, which also tells it apart without its colour. */
const SHAPES: Readonly<Record<Mark['kind'], string>> = {
  deployment: '▼',
  notification: '◆',
  job: '●',
};

const KINDS = ['deployment', 'notification', 'job'] as const;

/** CSS pixels between the first and the last of marks that are drawn as one. */
const MERGED_WITHIN = 8;
/** Half the width of a shape, in CSS pixels. */
const HALF = 4;

/** Draws what happened over a chart: dashed lines with the shapes of their kinds at the top. */
export function drawMarks(chart: uPlot, marks: readonly Mark[], theme: Theme): void {
  const { ctx, bbox } = chart;
  const scale = devicePixelRatio;
  const positionOf = ({ time }: Mark): number => Math.round(chart.valToPos(time, 'x', true));
  const seen = marks.filter(mark => {
    const x = positionOf(mark);
    return x >= bbox.left && x <= bbox.left + bbox.width;
  });
  ctx.save();
  ctx.strokeStyle = theme.mark;
  ctx.fillStyle = theme.mark;
  ctx.lineWidth = scale;
  ctx.setLineDash([4 * scale, 4 * scale]);
  for (const { x, kinds } of groupMarks(seen, positionOf, MERGED_WITHIN * scale)) {
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    KINDS.filter(kind => kinds.has(kind)).forEach((kind, index) => {
      drawShape(ctx, kind, x, bbox.top + (2 * index + 1) * HALF * scale, HALF * scale);
    });
  }
  ctx.restore();
}

/** @param half half its width, in pixels of the canvas */
function drawShape(
  ctx: CanvasRenderingContext2D,
  kind: Mark['kind'],
  x: number,
  y: number,
  half: number,
): void {
  ctx.beginPath();
  if (kind === 'job') ctx.arc(x, y, 0.9 * half, 0, 2 * Math.PI);
  else {
    const side = kind === 'deployment' ? y - half : y;
    ctx.moveTo(x - half, side);
    if (kind === 'notification') ctx.lineTo(x, y - half);
    ctx.lineTo(x + half, side);
    ctx.lineTo(x, y + half);
  }
  ctx.fill();
}

/**
 * What happened in the range, in words, each with the shape that stands for it in the charts, and what
 * may be missing.
 */
export function marksList(
  { marks, missing }: Omit<MarksReply, 'functionExists'>,
  utc: boolean,
): HTMLElement {
  const items = marks.map(({ time, kind, text: what }) => {
    const shape = element('span', { class: 'shape' }, SHAPES[kind]);
    shape.setAttribute('aria-hidden', 'true');
    return element('li', {}, shape, `${formatTime(time, utc)}: ${what}`);
  });
  const list = element('details', { class: 'marks' });
  list.append(element('summary', {}, `${text('marks')} (${items.length})`));
  list.append(element('ul', {}, ...items));
  if (missing !== undefined) list.append(element('p', { class: 'missing' }, missing));
  list.hidden = items.length === 0 && missing === undefined;
  return list;
}
