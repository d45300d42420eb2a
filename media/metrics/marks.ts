import type uPlot from 'uplot';
import type { Mark, MarksReply } from '../../src/metrics/protocol.ts';
import { element, showLines } from '../dom.ts';
import { groupMarks } from './markGroups.ts';
import { text } from '../texts.ts';
import { formatTime } from './texts.ts';
import type { Theme } from './theme.ts';

/** Each kind has a shape of its own, which also tells it apart without its colour. */
const SHAPES: Readonly<Record<Mark['kind'], string>> = {
  deployment: '▼',
  notification: '◆',
  job: '●',
};

/** The height and width of a shape, in CSS pixels. */
const SIZE = 14;
/** CSS pixels between the first and the last of marks that are drawn as one: its shapes stand in a row. */
const MERGED_WITHIN = 3 * SIZE;
/** CSS pixels above a chart in which the shapes stand, so that they hide no point. */
export const MARKS_HEIGHT = SIZE + 4;

/** Draws what happened below a chart's lines: dashed lines, with the shapes of their kinds above them. */
export function drawMarks(chart: uPlot, marks: readonly Mark[], theme: Theme): void {
  const { ctx, bbox } = chart;
  const scale = devicePixelRatio;
  const positionOf = ({ time }: Mark): number => Math.round(chart.valToPos(time, 'x', true));
  ctx.save();
  ctx.beginPath();
  const top = bbox.top - MARKS_HEIGHT * scale;
  ctx.rect(
    bbox.left - SIZE * scale,
    top,
    bbox.width + 4 * SIZE * scale,
    bbox.height + bbox.top - top,
  );
  ctx.clip();
  ctx.strokeStyle = ctx.fillStyle = theme.mark;
  ctx.lineWidth = scale;
  ctx.setLineDash([4 * scale, 4 * scale]);
  ctx.font = `${SIZE * scale}px sans-serif`;
  ctx.textAlign = 'center';
  ctx.textBaseline = 'top';
  const end = bbox.left + bbox.width;
  const seen = marks.filter(mark => positionOf(mark) >= bbox.left && positionOf(mark) <= end);
  for (const { x, kinds } of groupMarks(seen, positionOf, MERGED_WITHIN * scale)) {
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    [...kinds].forEach((kind, index) => {
      ctx.fillText(SHAPES[kind], x + index * SIZE * scale, top);
    });
  }
  ctx.restore();
}

/**
 * What happened in the range, in words, each with the shape that stands for it in the charts, and what
 * may be missing.
 *
 * @param list shows it; open or closed it stays as it is
 */
export function showMarks(
  list: HTMLDetailsElement,
  { marks, missing }: Omit<MarksReply, 'functionExists'>,
  utc: boolean,
): void {
  const items = marks.map(({ time, kind, text: what }) => {
    const shape = element('span', { class: 'shape' }, SHAPES[kind]);
    shape.setAttribute('aria-hidden', 'true');
    return element('li', {}, shape, `${formatTime(time, utc)}: ${what}`);
  });
  const lines = [
    element('summary', {}, `${text('marks')} (${items.length})`),
    element('ul', {}, ...items),
    ...(missing === undefined ? [] : [element('p', { class: 'missing' }, missing)]),
  ];
  showLines(list, lines);
  list.hidden = items.length === 0 && missing === undefined;
}
