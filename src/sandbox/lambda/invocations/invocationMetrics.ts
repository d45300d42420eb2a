import type { MetricDatum } from '../../cloudwatch/metricTables.ts';
import type { EngineContext } from '../engineContext.ts';

const NAMESPACE = 'AWS/Lambda';

interface Observation {
  readonly metricName: string;
  readonly value: number;
  readonly unit: 'Count' | 'Milliseconds';
}

/**
 * Writes metrics of a function: for the function, for the resource that was called (unqualified, which
 * is $LATEST), and for the account's Region, as Lambda does.
 */
export function putFunctionMetrics(
  { metrics, log }: Pick<EngineContext, 'metrics' | 'log'>,
  functionName: string,
  timestamp: Date,
  observations: readonly Observation[],
): void {
  const dimensions: readonly Readonly<Record<string, string>>[] = [
    { FunctionName: functionName },
    { FunctionName: functionName, Resource: functionName },
    {},
  ];
  const data: MetricDatum[] = observations.flatMap(observation =>
    dimensions.map(set => ({ namespace: NAMESPACE, dimensions: set, timestamp, ...observation })),
  );
  try {
    metrics.put(data);
  } catch (error) {
    // A full disk must not fail what was done.
    log(`The metrics of ${functionName} could not be written: ${String(error)}`);
  }
}

export const count = (metricName: string, value = 1): Observation => ({
  metricName,
  value,
  unit: 'Count',
});

export const milliseconds = (metricName: string, value: number): Observation => ({
  metricName,
  value,
  unit: 'Milliseconds',
});
