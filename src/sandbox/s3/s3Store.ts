import type { Store } from '../store.ts';
import { Blobs } from './blobs.ts';
import { Buckets } from './buckets.ts';
import { EventOutbox } from './notifications/eventOutbox.ts';
import { NotificationTable } from './notifications/notificationTable.ts';
import { Uploads } from './uploads.ts';
import { Versions } from './versions.ts';

/** What S3 keeps: buckets, object versions, multipart uploads, the bytes of all of them, and who is told. */
export class S3Store {
  readonly buckets: Buckets;
  readonly versions: Versions;
  readonly uploads: Uploads;
  readonly blobs: Blobs;
  readonly notifications: NotificationTable;
  readonly outbox: EventOutbox;

  constructor(store: Store) {
    this.buckets = new Buckets(store);
    this.blobs = new Blobs(store);
    this.versions = new Versions(store);
    this.uploads = new Uploads(store);
    this.notifications = new NotificationTable(store);
    this.outbox = new EventOutbox(store);
    this.blobs.sweep();
  }
}
