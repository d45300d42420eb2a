import type { Credentials } from '../auth/credentials.ts';
import type { Clock } from '../clock.ts';
import type { RoleTable } from '../iam/roleTable.ts';
import type { ObjectAccess } from '../s3/objectAccess.ts';
import type { LambdaEngine } from './lambdaEngine.ts';

/** What Lambda's operations need. */
export interface LambdaContext {
  readonly accountId: string;
  readonly clock: Clock;
  readonly iam: RoleTable;
  readonly credentials: Credentials;
  readonly lambda: LambdaEngine;
  /** Where code in a bucket is read. */
  readonly objects: Pick<ObjectAccess, 'bucket' | 'read'>;
}
