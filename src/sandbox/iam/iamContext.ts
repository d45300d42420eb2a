import type { Clock } from '../clock.ts';
import type { QueryOperation } from '../queryProtocol.ts';
import type { RoleTable } from './roleTable.ts';

/** What IAM's operations need. */
export interface IamContext {
  readonly accountId: string;
  readonly clock: Clock;
  readonly iam: RoleTable;
}

export type IamOperation = QueryOperation<IamContext>;
