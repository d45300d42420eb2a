import type { Store } from '../../store.ts';
import { ObjectAcls } from './objectAcls.ts';
import { Blobs } from './blobs.ts';
import { Buckets } from './buckets.ts';
import { EventOutbox } from './eventOutbox.ts';
import { NotificationTable } from './notificationTable.ts';
import type { Lateness } from './notificationTable.ts';
import { Restores } from './restores.ts';
import { Uploads } from './uploads.ts';
import { Versions } from './versions.ts';

/** What S3 keeps: buckets, object versions, multipart uploads, the bytes of all of them, and who is told. */
export class S3Store {
  readonly buckets: Buckets;
  readonly versions: Versions;
  readonly acls: ObjectAcls;
  readonly uploads: Uploads;
  readonly blobs: Blobs;
  readonly notifications: NotificationTable;
  readonly outbox: EventOutbox;
  readonly restores: Restores;
  /** Milliseconds that restores take instead of their tier's time; undefined: AWS's times. */
  readonly restoreTime: number | undefined;

  constructor(store: Store, restoreTime?: number, lateEvents?: Lateness) {
    this.restoreTime = restoreTime;
    this.buckets = new Buckets(store);
    this.blobs = new Blobs(store);
    this.versions = new Versions(store);
    this.acls = new ObjectAcls(store);
    this.uploads = new Uploads(store);
    this.notifications = new NotificationTable(store, lateEvents);
    this.outbox = new EventOutbox(store);
    this.restores = new Restores(store);
    this.blobs.sweep();
  }
}
