/** Whole seconds since 1970. */
export type EpochSeconds = number;

/** From `start` up to, but without, `end`. */
export interface TimeSpan {
  readonly start: EpochSeconds;
  readonly end: EpochSeconds;
}

/** What a person may choose from, in seconds: a minute to a day. */
export const PERIODS: readonly number[] = [60, 300, 900, 3600, 21_600, 86_400];

const DAY = 86_400;

/**
 * How long CloudWatch keeps points of a period, and so the least period that has data that far back:
 * one minute for 15 days, five minutes for 63, an hour for 455 (CloudWatch user guide, "Metrics
 * retention").
 */
const RETENTION: readonly (readonly [days: number, period: number])[] = [
  [15, 60],
  [63, 300],
  [455, 3600],
];

/** More points than that say nothing more on a screen, and take longer to come. */
const MAX_POINTS = 1500;

/** The least period, in seconds, that CloudWatch still has for what happened at `start`. */
export function leastPeriod(start: EpochSeconds, now: EpochSeconds): number {
  const age = now - start;
  return RETENTION.find(([days]) => age < days * DAY)?.[1] ?? 3600;
}

/** The period to show a span with: the finest that CloudWatch has and a screen can show. */
export function choosePeriod(span: TimeSpan, now: EpochSeconds): number {
  const least = leastPeriod(span.start, now);
  const length = span.end - span.start;
  const fits = (period: number): boolean => period >= least && length / period <= MAX_POINTS;
  return PERIODS.find(fits) ?? DAY;
}

/** The whole periods that a span touches: points of CloudWatch begin at multiples of the period. */
export function alignSpan(span: TimeSpan, period: number): TimeSpan {
  return {
    start: Math.floor(span.start / period) * period,
    end: Math.ceil(span.end / period) * period,
  };
}
