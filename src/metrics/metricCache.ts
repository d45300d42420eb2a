import type {
  FunctionMetrics,
  MetricId,
  MetricProblem,
  MetricSeries,
} from '../aws/metrics/metricSeries.ts';
import type { EpochSeconds, TimeSpan } from '../aws/metrics/metricPeriod.ts';

/**
 * CloudWatch may still add to what is younger than this, in seconds. Lambda counts an invocation in
 * the minute where it began, and tells of it some minutes after its end: up to 15 minutes later.
 */
export const SETTLED_AFTER = 1200;

/** Points are made once a minute: asking more often costs money and tells nothing. */
const READ_EVERY = 60;

/** The most that CloudWatch has of one period: 15 days of minutes. */
export const MAX_PERIODS = 21_600;

type Points = Map<EpochSeconds, number>;

/**
 * The points of one function at one period, so that CloudWatch is asked only for what is not known:
 * what came since, what may still have changed, and what could not be read. It charges for each
 * metric that is asked for, however many points that has.
 */
export class MetricCache {
  readonly #period: number;
  readonly #points = new Map<MetricId, Points>();
  /** The points of this span are here, without a gap. */
  #held: TimeSpan = { start: 0, end: 0 };
  /** Of that, what is before this will not change. */
  #settled: EpochSeconds = 0;
  /** Of the last reading, which was of all that is not settled. */
  #problems: readonly MetricProblem[] = [];
  #readAt: EpochSeconds = 0;

  /** @param period seconds */
  constructor(period: number) {
    this.#period = period;
  }

  /** When CloudWatch was last asked. */
  get readAt(): EpochSeconds {
    return this.#readAt;
  }

  /** The part of an aligned span that has to be read; undefined when all of it is known. */
  missing(span: TimeSpan, now: EpochSeconds, fresh: boolean): TimeSpan | undefined {
    const { start, end } = this.#held;
    if (start <= span.start && span.end <= end) {
      const recent = now - this.#readAt < READ_EVERY && !fresh;
      if (recent || span.end <= this.#settled) return undefined;
    }
    const goesOn = start <= span.start && span.start <= this.#settled;
    return { start: goesOn ? this.#settled : span.start, end: span.end };
  }

  /** Takes what was read of a span, which replaces what was there. */
  add(
    span: TimeSpan,
    { series, problems }: Pick<FunctionMetrics, 'series' | 'problems'>,
    now: EpochSeconds,
  ): void {
    if (span.start > this.#settled || span.end < this.#held.start) this.#beginAt(span.start);
    const whole = Math.floor((now - SETTLED_AFTER) / this.#period) * this.#period;
    this.#settled =
      problems.length > 0
        ? Math.min(this.#settled, span.start)
        : Math.max(this.#settled, Math.min(span.end, whole));
    const end = Math.max(span.end, this.#settled);
    const oldest = end - MAX_PERIODS * this.#period;
    this.#held = { start: Math.max(Math.min(this.#held.start, span.start), oldest), end };
    this.#forget(time => time < this.#held.start || time >= end);
    this.#forget(time => time >= span.start && time < span.end);
    this.#take(series);
    this.#problems = problems;
    this.#readAt = now;
  }

  /** What is wrong with the points of a span. */
  problems(span: TimeSpan): readonly MetricProblem[] {
    return span.end <= this.#settled ? [] : this.#problems;
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

  /** What is here does not touch what comes: there would be a gap between. */
  #beginAt(start: EpochSeconds): void {
    this.#points.clear();
    this.#held = { start, end: start };
    this.#settled = start;
  }

  #forget(which: (time: EpochSeconds) => boolean): void {
    for (const points of this.#points.values()) {
      for (const time of points.keys()) if (which(time)) points.delete(time);
    }
  }

  #take(series: FunctionMetrics['series']): void {
    for (const [id, { times, values }] of Object.entries(series) as [MetricId, MetricSeries][]) {
      const points = this.#points.get(id) ?? new Map<EpochSeconds, number>();
      this.#points.set(id, points);
      times.forEach((time, index) => points.set(time, values[index] ?? NaN));
    }
  }
}
