import type { EpochSeconds } from './metricPeriod.ts';

/** The metrics of `AWS/Lambda` that are shown, each with its statistic. */
export const FUNCTION_METRICS = {
  invocations: ['Invocations', 'Sum'],
  errors: ['Errors', 'Sum'],
  durationP50: ['Duration', 'p50'],
  durationP95: ['Duration', 'p95'],
  durationMaximum: ['Duration', 'Maximum'],
  throttles: ['Throttles', 'Sum'],
  concurrency: ['ConcurrentExecutions', 'Maximum'],
  asyncAge: ['AsyncEventAge', 'Maximum'],
  asyncDropped: ['AsyncEventsDropped', 'Sum'],
  deadLetterErrors: ['DeadLetterErrors', 'Sum'],
} as const satisfies Record<string, readonly [metricName: string, statistic: string]>;

export type MetricId = keyof typeof FUNCTION_METRICS;

export const METRIC_IDS = Object.keys(FUNCTION_METRICS) as readonly MetricId[];

/** Points of one metric by time. A period in which nothing happened has none. */
export interface MetricSeries {
  readonly times: readonly EpochSeconds[];
  /** Counts, or milliseconds. */
  readonly values: readonly number[];
}

/** Why there is no, or not all, data of a metric. */
export interface MetricProblem {
  readonly metric: MetricId;
  readonly kind: 'forbidden' | 'internalError' | 'partial';
  readonly message: string;
}

export interface FunctionMetrics {
  readonly series: Readonly<Partial<Record<MetricId, MetricSeries>>>;
  readonly problems: readonly MetricProblem[];
}
