import type { Clock } from '../clock.ts';
import type { RoleTable } from '../iam/roleTable.ts';
import type { Operation } from '../operation.ts';
import type { LogStore } from './logStore.ts';

/** What the operations of CloudWatch Logs need. */
export interface LogsContext {
  readonly accountId: string;
  readonly clock: Clock;
  readonly iam: RoleTable;
  readonly logs: LogStore;
}

export type LogsOperation = Operation<LogsContext>;
