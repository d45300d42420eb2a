/** Whole seconds: `start` is in it, `end` is not. */
export interface TimeRange {
  readonly start: number;
  readonly end: number;
}

export const MINUTE = 60;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** How long points of a period are kept, in seconds (GetMetricData, "retains metric data as follows"). */
const RETENTION: readonly (readonly [multipleOf: number, seconds: number])[] = [
  [HOUR, 455 * DAY],
  [5 * MINUTE, 63 * DAY],
  [MINUTE, 15 * DAY],
  [1, 3 * HOUR],
];

/** Periods under a minute that AWS takes. */
const SHORT_PERIODS: readonly number[] = [1, 5, 10, 20, 30];

export function isPeriod(period: number): boolean {
  return SHORT_PERIODS.includes(period) || (period > 0 && period % MINUTE === 0);
}

/** How long ago points of this period are still there, in seconds. */
function retention(period: number): number {
  return RETENTION.find(([multipleOf]) => period % multipleOf === 0)?.[1] ?? 0;
}

/** Rounds a start down as AWS does, by its age and by a period under a minute. */
function roundStart(start: number, period: number, now: number): number {
  const age = now - start;
  if (period < MINUTE) return start - (start % period);
  if (age < 15 * DAY) return start - (start % MINUTE);
  if (age < 63 * DAY) return start - (start % (5 * MINUTE));
  return start - (start % HOUR);
}

/**
 * The periods that can have points: the first begins at the rounded start, or later where data of that
 * period are kept no longer; all others follow it.
 */
export function availableRange(start: Date, end: Date, period: number, now: Date): TimeRange {
  const today = now.getTime() / 1000;
  const rounded = roundStart(Math.floor(start.getTime() / 1000), period, today);
  const missing = Math.ceil((today - retention(period) - rounded) / period);
  return {
    start: rounded + Math.max(0, missing) * period,
    end: Math.ceil(end.getTime() / 1000),
  };
}
