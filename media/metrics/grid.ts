import type { MetricsReply, SeriesId } from '../../src/metrics/protocol.ts';

/** Values beside the times of a grid; null where there is no point: a gap stays a gap. */
export type Column = (number | null)[];

export interface Grid {
  /** Every period of the span, in seconds since 1970. */
  readonly times: number[];
  /** Seconds. */
  readonly period: number;
  /** Laid out when it is first asked for. */
  column(id: SeriesId): Column;
}

/** Lays the points of a reply on every period of its span. */
export function gridOf({ span, period, series }: MetricsReply): Grid {
  const length = Math.max(0, Math.round((span.end - span.start) / period));
  const times = Array.from({ length }, (_, index) => span.start + index * period);
  const columns = new Map<SeriesId, Column>();
  const layOut = (id: SeriesId): Column => {
    const column: Column = new Array<number | null>(length).fill(null);
    const points = series[id];
    points?.times.forEach((time, index) => {
      const at = Math.floor((time - span.start) / period);
      const value = points.values[index];
      if (at >= 0 && at < length && value !== undefined && Number.isFinite(value)) {
        column[at] = value;
      }
    });
    columns.set(id, column);
    return column;
  };
  return { times, period, column: id => columns.get(id) ?? layOut(id) };
}
