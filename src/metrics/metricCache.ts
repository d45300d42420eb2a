import type { FunctionMetrics, MetricId, MetricSeries } from '../aws/metrics/functionMetrics.ts';
import type { EpochSeconds, TimeSpan } from '../aws/metrics/metricPeriod.ts';

/** CloudWatch may still add to what is younger than this, in seconds. */
const SETTLED_AFTER = 300;

type Points = Map<EpochSeconds, number>;

/**
 * The points of one function at one period, so that CloudWatch is asked only for what is not known:
 * what came since, and what may still have changed.
 */
export class MetricCache {
  readonly #points = new Map<MetricId, Points>();
  /** What is known and will not change. */
  #known: TimeSpan | undefined;
  #readUntil = 0;
  /** When CloudWatch was last asked. */
  readAt: EpochSeconds = 0;

  /** The part of an aligned span that has to be read; undefined when all of it is known. */
  missing(span: TimeSpan, now: EpochSeconds, fresh: boolean): TimeSpan | undefined {
    const known = this.#known;
    if (known === undefined || known.start > span.start || known.end < span.start) return span;
    if (known.end >= span.end) return undefined;
    // Points are made once a minute: asking more often costs money and tells nothing.
    const recent = now - this.readAt < 60 && this.#readUntil >= span.end;
    return recent && !fresh ? undefined : { start: known.end, end: span.end };
  }

  /** Takes what was read of a span, which replaces what was there. */
  add(span: TimeSpan, series: FunctionMetrics['series'], now: EpochSeconds): void {
    if (this.#known === undefined || span.start > this.#known.end) this.#forget();
    for (const points of this.#points.values()) {
      for (const time of points.keys()) {
        if (time >= span.start && time < span.end) points.delete(time);
      }
    }
    for (const [id, { times, values }] of Object.entries(series) as [MetricId, MetricSeries][]) {
      const points = this.#points.get(id) ?? new Map<EpochSeconds, number>();
      this.#points.set(id, points);
      times.forEach((time, index) => points.set(time, values[index] ?? NaN));
    }
    const start = Math.min(this.#known?.start ?? span.start, span.start);
    const settled = Math.min(span.end, now - SETTLED_AFTER);
    this.#known = { start, end: Math.max(settled, this.#known?.end ?? start, start) };
    this.#readUntil = Math.max(this.#readUntil, span.end);
    this.readAt = now;
  }

  /** The points of a span, by time. */
  series(span: TimeSpan): FunctionMetrics['series'] {
    return Object.fromEntries(
      [...this.#points].map(([id, points]) => {
        const inside = [...points].filter(([time]) => time >= span.start && time < span.end);
        inside.sort(([one], [other]) => one - other);
        return [id, { times: inside.map(([time]) => time), values: inside.map(([, v]) => v) }];
      }),
    );
  }

  #forget(): void {
    this.#points.clear();
    this.#known = undefined;
    this.#readUntil = 0;
  }
}
