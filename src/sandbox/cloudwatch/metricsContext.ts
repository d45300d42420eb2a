import type { Clock } from '../clock.ts';
import type { RoleTable } from '../iam/roleTable.ts';
import type { Operation } from '../operation.ts';
import type { Store } from '../store.ts';
import type { MetricStore } from './metricStore.ts';

/** What CloudWatch's operations need. */
export interface MetricsContext {
  readonly clock: Clock;
  readonly store: Store;
  readonly iam: RoleTable;
  readonly metrics: MetricStore;
}

export type MetricsOperation = Operation<MetricsContext>;
