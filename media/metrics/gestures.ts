import type uPlot from 'uplot';
import type { TimeSpan } from '../../src/metrics/protocol.ts';

export interface TimeGestures {
  /** A span was chosen by dragging or by key. */
  readonly onZoom: (span: TimeSpan) => void;
  readonly onZoomOut: () => void;
  /** What is seen moves in time; called for each step of it. */
  readonly onMove: (span: TimeSpan) => void;
  /** It has come to rest. */
  readonly onMoved: (span: TimeSpan) => void;
}

/** A wheel or key that is not followed by another within so many milliseconds has come to rest. */
const AT_REST_MS = 350;
/** The part of what is seen that one key moves by. */
const STEP = 0.1;
/** Seconds: five points of the finest period. */
const SHORTEST = 300;

/** The span of time that a chart shows, in seconds. */
export function visibleSpan(chart: uPlot): TimeSpan {
  const { min, max } = chart.scales['x'] ?? {};
  return { start: min ?? 0, end: max ?? 0 };
}

/** Moves in time: dragging with Shift and turning a wheel sideways. Zooms out: a double click. */
export function listenToMoves(chart: uPlot, gestures: TimeGestures): (seconds: number) => void {
  let resting: ReturnType<typeof setTimeout> | undefined;
  const moveBy = (seconds: number): void => {
    const { start, end } = visibleSpan(chart);
    const span = { start: start + seconds, end: end + seconds };
    gestures.onMove(span);
    clearTimeout(resting);
    resting = setTimeout(() => {
      // The charts may have gone meanwhile, with all that they were of.
      if (chart.root.isConnected) gestures.onMoved(span);
    }, AT_REST_MS);
  };
  const secondsOf = (pixels: number): number => {
    const { start, end } = visibleSpan(chart);
    return ((end - start) * pixels) / Math.max(1, chart.over.clientWidth);
  };
  chart.over.addEventListener('wheel', event => {
    const { deltaX, deltaY, shiftKey } = event;
    // Two fingers that scroll the page are never quite upright.
    const isSideways = Math.abs(deltaX) > Math.abs(deltaY);
    const pixels = isSideways ? deltaX : shiftKey ? deltaY : 0;
    if (pixels === 0) return;
    event.preventDefault();
    moveBy(secondsOf(pixels));
  });
  chart.over.addEventListener('pointerdown', event => {
    if (!event.shiftKey || event.button !== 0) return;
    chart.over.setPointerCapture(event.pointerId);
    const move = ({ movementX }: PointerEvent): void => moveBy(secondsOf(-movementX));
    chart.over.addEventListener('pointermove', move);
    const release = (): void => chart.over.removeEventListener('pointermove', move);
    chart.over.addEventListener('pointerup', release, { once: true });
    chart.over.addEventListener('pointercancel', release, { once: true });
  });
  chart.over.addEventListener('dblclick', gestures.onZoomOut);
  return moveBy;
}

/** Does what a key means for the time that is seen. @returns whether it means anything */
export function moveByKey(
  event: KeyboardEvent,
  chart: uPlot,
  gestures: TimeGestures,
  moveBy: (seconds: number) => void,
): boolean {
  const { start, end } = visibleSpan(chart);
  const length = end - start;
  if (event.shiftKey && event.key === 'ArrowLeft') moveBy(-STEP * length);
  else if (event.shiftKey && event.key === 'ArrowRight') moveBy(STEP * length);
  else if (event.key === '+' || event.key === '=') {
    const { idx } = chart.cursor;
    const centre = chart.data[0][idx ?? -1] ?? start + length / 2;
    if (length > SHORTEST) gestures.onZoom(around(centre, length / 2, { start, end }));
  } else if (event.key === '-') gestures.onZoomOut();
  else return false;
  return true;
}

/** A span of a length about a moment, within another, in whole minutes. */
function around(centre: number, length: number, within: TimeSpan): TimeSpan {
  const wanted = Math.max(SHORTEST, Math.round(length / 60) * 60);
  const first = Math.min(Math.max(centre - wanted / 2, within.start), within.end - wanted);
  const start = Math.floor(first / 60) * 60;
  return { start, end: start + wanted };
}
