import type { Aggregate, ValueCount } from './metricTables.ts';

/** The statistics that GetMetricStatistics calls simple. */
export const SIMPLE_STATISTICS = ['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum'] as const;
export type SimpleStatistic = (typeof SIMPLE_STATISTICS)[number];

/** A percentile between 0 and 100, or a simple statistic. */
export type Statistic = SimpleStatistic | { readonly percentile: number };

const PERCENTILE = /^p(\d{1,3}(?:\.\d{1,10})?)$/;
/** Trimmed means and their kin: tm90, TM(10%:90%), wm, tc, ts, PR(:300), IQM. */
const FURTHER = /^(?:(?:tm|wm|tc|ts)\d{1,3}(?:\.\d+)?|(?:TM|WM|TC|TS|PR)\([^)]*\)|IQM)$/;

/** The statistic of a name; `unknown` to AWS, or `refused` by the sandbox only. */
export function parseStatistic(name: string): Statistic | 'unknown' | 'refused' {
  if (isSimple(name)) return name;
  const digits = PERCENTILE.exec(name)?.[1];
  if (digits !== undefined && Number(digits) <= 100) return { percentile: Number(digits) };
  return FURTHER.test(name) ? 'refused' : 'unknown';
}

export function isSimple(name: string): name is SimpleStatistic {
  return (SIMPLE_STATISTICS as readonly string[]).includes(name);
}

export function simpleValue(statistic: SimpleStatistic, aggregate: Aggregate): number {
  switch (statistic) {
    case 'SampleCount':
      return aggregate.samples;
    case 'Average':
      return aggregate.sum / aggregate.samples;
    case 'Sum':
      return aggregate.sum;
    case 'Minimum':
      return aggregate.minimum;
    case 'Maximum':
      return aggregate.maximum;
  }
}

/**
 * A percentile of one period: the least observed value that at least that share of the observations
 * does not exceed (nearest rank). AWS says only that "95 percent of the data is lower than this value";
 * its own answers are estimates from a histogram, so that no definition gives its digits. This one is
 * exact, never leaves the observed values, and p0 and p100 are the minimum and the maximum.
 * @param values of the period, in ascending order
 * @returns undefined where AWS has none: a value was negative, or came as a set of statistics
 */
export function percentileValue(
  percentile: number,
  values: readonly ValueCount[],
  { samples, minimum }: Aggregate,
): number | undefined {
  const total = values.reduce((sum, { count }) => sum + count, 0);
  if (minimum < 0 || Math.abs(total - samples) > 1e-9 * samples) return undefined;
  // Less what the multiplication may have added to a whole number.
  const rank = (percentile * total) / 100 - 1e-12 * total;
  let seen = 0;
  for (const { value, count } of values) {
    seen += count;
    if (seen >= rank) return value;
  }
  return values.at(-1)?.value;
}
