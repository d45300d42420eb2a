import type { Clock } from '../clock.ts';
import type { RoleTable } from '../iam/roleTable.ts';
import type { Store } from '../store.ts';
import type { EventSink } from './eventSink.ts';
import type { S3Store } from './store/s3Store.ts';

/** What S3's operations need. */
export interface S3Context {
  readonly accountId: string;
  readonly clock: Clock;
  readonly store: Store;
  readonly iam: RoleTable;
  readonly s3: S3Store;
  /** Where events go, for the check of a bucket's notification. */
  readonly events: EventSink;
}
