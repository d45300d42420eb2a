import type { Credentials } from '../auth/credentials.ts';
import type { RoleTable } from '../iam/roleTable.ts';
import type { QueryOperation } from '../queryProtocol.ts';

/** What STS's operations need. */
export interface StsContext {
  readonly iam: RoleTable;
  readonly credentials: Credentials;
}

export type StsOperation = QueryOperation<StsContext>;
