import type { Credentials } from '../auth/credentials.ts';
import type { Clock } from '../clock.ts';
import type { MetricStore } from '../cloudwatch/metricStore.ts';
import type { RoleTable } from '../iam/roleTable.ts';
import type { LogStore } from '../logs/logStore.ts';
import type { Store } from '../store.ts';

/** Faults of functions that someone has asked for. */
export interface FunctionFaults {
  /** Whether the process that now runs a function is to be killed. */
  killsFunction(name: string): boolean;
  /** Milliseconds that a new or changed function takes until it is ready; 0: as ever. */
  readonly functionDelay: number;
}

/** What running functions needs. */
export interface EngineContext {
  readonly accountId: string;
  readonly clock: Clock;
  readonly store: Store;
  readonly iam: RoleTable;
  readonly credentials: Credentials;
  readonly metrics: MetricStore;
  readonly logs: LogStore;
  readonly log: (line: string) => void;
  readonly faults: FunctionFaults;
}
