import type { Query, Store } from '../../store.ts';
import type { NotificationConfiguration } from './notificationConfiguration.ts';

interface NotificationRow {
  readonly bucket: number;
  readonly configuration: string;
}

/** The buckets' configurations. All are remembered: every write of an object asks for its bucket's. */
export class NotificationTable {
  private readonly known: Map<number, NotificationConfiguration>;
  private readonly save: Query<never>;
  private readonly remove: Query<never>;

  constructor(store: Store) {
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

  /** Replaces a bucket's configuration; an empty one is none. */
  put(bucketId: number, configuration: NotificationConfiguration): void {
    if (configuration.rules.length === 0 && !configuration.eventBridge) {
      this.delete(bucketId);
      return;
    }
    this.save.run(bucketId, JSON.stringify(configuration));
    this.known.set(bucketId, configuration);
  }

  delete(bucketId: number): void {
    this.remove.run(bucketId);
    this.known.delete(bucketId);
  }
}
