import type { Credentials } from './auth/credentials.ts';
import type { Clock } from './clock.ts';
import type { EventHistory } from './cloudtrail/eventHistory.ts';
import type { MetricStore } from './cloudwatch/metricStore.ts';
import type { RoleTable } from './iam/roleTable.ts';
import type { LambdaEngine } from './lambda/lambdaEngine.ts';
import type { LogStore } from './logs/logStore.ts';
import type { S3Store } from './s3/s3Store.ts';
import type { JobEngine } from './s3control/jobEngine.ts';
import type { Store } from './store.ts';

/** What operations may ask for; each takes the part it needs by `Pick`. */
export interface Services {
  readonly accountId: string;
  readonly clock: Clock;
  readonly store: Store;
  readonly credentials: Credentials;
  readonly s3: S3Store;
  readonly iam: RoleTable;
  readonly jobs: JobEngine;
  readonly lambda: LambdaEngine;
  readonly metrics: MetricStore;
  readonly logs: LogStore;
  readonly trail: EventHistory;
  readonly log: (line: string) => void;
}
