import type { MetricSeries } from './metricSeries.ts';

/**
 * The success rate in percent, by the Lambda console's formula: 100 − 100 × errors ÷ the greater of
 * errors and invocations, so that an error which is counted in a minute before its invocation makes
 * no negative rate. There is a point only where both have one (CloudWatch's metric math takes the one
 * that is missing for 0), and none where nothing was invoked: a gap is never 100 %.
 */
export function successRate(invocations: MetricSeries, errors: MetricSeries): MetricSeries {
  const errorsAt = new Map(errors.times.map((time, index) => [time, errors.values[index]]));
  const times: number[] = [];
  const values: number[] = [];
  invocations.times.forEach((time, index) => {
    const rate = rateOf(invocations.values[index], errorsAt.get(time));
    if (rate === undefined) return;
    times.push(time);
    values.push(rate);
  });
  return { times, values };
}

/** The rate of counts, in percent; undefined where it is not known or nothing was invoked. */
export function rateOf(
  invocations: number | undefined,
  errors: number | undefined,
): number | undefined {
  if (invocations === undefined || errors === undefined) return undefined;
  const whole = Math.max(invocations, errors);
  return whole === 0 ? undefined : 100 - (100 * errors) / whole;
}
