import type { RoleTable } from '../iam/roleTable.ts';
import type { Operation } from '../operation.ts';
import type { EventHistory } from './eventHistory.ts';

/** What CloudTrail's operations need. */
export interface TrailContext {
  readonly iam: RoleTable;
  readonly trail: EventHistory;
}

export type TrailOperation = Operation<TrailContext>;
