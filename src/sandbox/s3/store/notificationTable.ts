import type { Query, Store } from '../../store.ts';
import type { NotificationConfiguration } from './notificationConfiguration.ts';

interface NotificationRow {
  readonly bucket: number;
  readonly configuration: string;
}

/** How long a new configuration is not in force yet, and by which time. */
export interface Lateness {
  /** Milliseconds from some moment on. */
  elapsed(): number;
  /** Milliseconds. */
  delay(): number;
}

const AT_ONCE: Lateness = { elapsed: () => 0, delay: () => 0 };

/** The buckets' configurations. All are remembered: every write of an object asks for its bucket's. */
export class NotificationTable {
  private readonly known: Map<number, NotificationConfiguration>;
  private readonly former = new Map<
    number,
    { readonly until: number; readonly configuration: NotificationConfiguration | undefined }
  >();
  private readonly lateness: Lateness;
  private readonly save: Query<never>;
  private readonly remove: Query<never>;

  constructor(store: Store, lateness: Lateness = AT_ONCE) {
    this.lateness = lateness;
    store.define(
      'CREATE TABLE IF NOT EXISTS bucket_notification (bucket INTEGER PRIMARY KEY, configuration TEXT NOT NULL) STRICT',
    );
    this.save = store.prepare('INSERT OR REPLACE INTO bucket_notification VALUES (?, ?)');
    this.remove = store.prepare('DELETE FROM bucket_notification WHERE bucket = ?');
    const rows = store.prepare<NotificationRow>('SELECT * FROM bucket_notification').all();
    this.known = new Map(
      rows.map(row => [row.bucket, JSON.parse(row.configuration) as NotificationConfiguration]),
    );
  }

  /** Undefined for a bucket that tells nobody anything. */
  find(bucketId: number): NotificationConfiguration | undefined {
    return this.known.get(bucketId);
  }

  /** What events go by now: the former one, while a new one is too new. */
  inForce(bucketId: number): NotificationConfiguration | undefined {
    const former = this.former.get(bucketId);
    if (former === undefined) return this.find(bucketId);
    if (this.lateness.elapsed() < former.until) return former.configuration;
    this.former.delete(bucketId);
    return this.find(bucketId);
  }

  /** Replaces a bucket's configuration; an empty one is none. */
  put(bucketId: number, configuration: NotificationConfiguration): void {
    if (configuration.rules.length === 0 && !configuration.eventBridge) {
      this.delete(bucketId);
      return;
    }
    this.keepFormer(bucketId);
    this.save.run(bucketId, JSON.stringify(configuration));
    this.known.set(bucketId, configuration);
  }

  delete(bucketId: number): void {
    this.remove.run(bucketId);
    this.known.delete(bucketId);
    this.former.delete(bucketId);
  }

  private keepFormer(bucketId: number): void {
    const delay = this.lateness.delay();
    if (delay === 0) return;
    const configuration = this.inForce(bucketId);
    this.former.set(bucketId, { until: this.lateness.elapsed() + delay, configuration });
  }
}
