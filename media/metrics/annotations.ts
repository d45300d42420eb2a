import type uPlot from 'uplot';
import type { Annotation, AnnotationsReply } from '../../src/metrics/protocol.ts';
import { element, showLines } from '../dom.ts';
import { groupAnnotations } from './annotationGroups.ts';
import { text } from '../texts.ts';
import { formatTime } from './texts.ts';
import type { Theme } from './theme.ts';

/** Each kind has a shape of its own, which also distinguishes it without its colour. */
const SHAPES: Readonly<Record<Annotation['kind'], string>> = {
  deployment: '▼',
  notification: '◆',
  job: '●',
};

/** The height and width of a shape, in CSS pixels. */
const SIZE = 14;
/** CSS pixels between the first and the last of annotations that are drawn as one: its shapes stand in a row. */
const MERGED_WITHIN = 3 * SIZE;
/** CSS pixels above a chart in which the shapes stand, so that they hide no point. */
export const ANNOTATIONS_HEIGHT = SIZE + 4;

/** Draws what happened below a chart's lines: dashed lines, with the shapes of their kinds above them. */
export function drawAnnotations(
  chart: uPlot,
  annotations: readonly Annotation[],
  theme: Theme,
): void {
  const { ctx, bbox } = chart;
  const scale = devicePixelRatio;
  const positionOf = ({ time }: Annotation): number => Math.round(chart.valToPos(time, 'x', true));
  ctx.save();
  ctx.beginPath();
  const top = bbox.top - ANNOTATIONS_HEIGHT * scale;
  ctx.rect(
    bbox.left - SIZE * scale,
    top,
    bbox.width + 4 * SIZE * scale,
    bbox.height + bbox.top - top,
  );
  ctx.clip();
  ctx.strokeStyle = ctx.fillStyle = theme.annotation;
  ctx.lineWidth = scale;
  ctx.setLineDash([4 * scale, 4 * scale]);
  ctx.font = `${SIZE * scale}px sans-serif`;
  ctx.textAlign = 'center';
  ctx.textBaseline = 'top';
  const end = bbox.left + bbox.width;
  const seen = annotations.filter(
    annotation => positionOf(annotation) >= bbox.left && positionOf(annotation) <= end,
  );
  for (const { x, kinds } of groupAnnotations(seen, positionOf, MERGED_WITHIN * scale)) {
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
export function showAnnotations(
  list: HTMLDetailsElement,
  { annotations, missing }: Omit<AnnotationsReply, 'functionExists'>,
  utc: boolean,
): void {
  const items = annotations.map(({ time, kind, text: what }) => {
    const shape = element('span', { class: 'shape' }, SHAPES[kind]);
    shape.setAttribute('aria-hidden', 'true');
    return element('li', {}, shape, `${formatTime(time, utc)}: ${what}`);
  });
  const lines = [
    element('summary', {}, `${text('annotations')} (${items.length})`),
    element('ul', {}, ...items),
    ...(missing === undefined ? [] : [element('p', { class: 'missing' }, missing)]),
  ];
  showLines(list, lines);
  list.hidden = items.length === 0 && missing === undefined;
}
