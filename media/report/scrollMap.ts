/**
 * Where rows are in a list of any length. Browsers draw nothing beyond some ten million pixels, so a
 * longer list is drawn on a shorter stage: a drag of the scroll bar goes through all of it, and steps
 * (a wheel, a key) move by rows as ever.
 */
export interface ScrollMap {
  /** Pixels that the stage is high. */
  readonly height: number;
  /** Pixels of rows for each pixel of the stage; 1 where all fit. */
  readonly scale: number;
}

/** Pixels that every browser can draw. */
const MAX_HEIGHT = 8_000_000;

/** @param viewport pixels of rows that are seen at once */
export function scrollMap(rows: number, rowHeight: number, viewport: number): ScrollMap {
  const all = rows * rowHeight;
  if (all <= MAX_HEIGHT) return { height: all, scale: 1 };
  return { height: MAX_HEIGHT, scale: (all - viewport) / (MAX_HEIGHT - viewport) };
}

/** The rows to draw: those that are seen, and some around them. */
export function rowsToDraw(
  position: number,
  { rows, rowHeight, viewport }: { rows: number; rowHeight: number; viewport: number },
): { readonly from: number; readonly to: number } {
  const first = Math.floor(position / rowHeight);
  const seen = Math.ceil(viewport / rowHeight) + 1;
  const around = 8;
  return { from: Math.max(0, first - around), to: Math.min(rows, first + seen + around) };
}

/** The position nearest to `position` at which a row is seen whole. Pixels of rows. */
export function positionShowing(
  row: number,
  position: number,
  { rowHeight, viewport }: { rowHeight: number; viewport: number },
): number {
  const top = row * rowHeight;
  if (top < position) return top;
  return top + rowHeight > position + viewport ? top + rowHeight - viewport : position;
}
