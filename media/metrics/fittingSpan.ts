import type { MetricsReply, TimeSpan } from '../../src/metrics/protocol.ts';

/** Seconds: the ranges that are offered, and one for what has just begun. */
const LENGTHS = [900, 3600];

/** As much of the end of a range as its points need: one of some minutes is lost in hours. */
export function fittingSpan({ span, series }: Pick<MetricsReply, 'span' | 'series'>): TimeSpan {
  const first = Math.min(...Object.values(series).map(({ times }) => times[0] ?? Infinity));
  const length = LENGTHS.find(each => span.end - each <= first && each < span.end - span.start);
  return first === Infinity || length === undefined
    ? span
    : { start: span.end - length, end: span.end };
}
