import type { Query, Store } from '../../store.ts';
import type { DestinationKind } from './notificationConfiguration.ts';

/** An event on its way to one destination. */
export interface PendingEvent {
  readonly bucket: string;
  readonly kind: DestinationKind;
  readonly arn: string;
  /** JSON, as the destination gets it. */
  readonly payload: string;
  /** The X-Amzn-Trace-Id of the request that made the change. */
  readonly traceHeader: string | undefined;
}

export interface OutboxEntry extends PendingEvent {
  readonly id: number;
}

interface OutboxRow {
  readonly id: number;
  readonly bucket: string;
  readonly kind: DestinationKind;
  readonly arn: string;
  readonly payload: string;
  readonly trace: string | null;
}

/**
 * Events that were not delivered yet. They are written in the transaction of the change that they tell,
 * so that after a kill there is either both or neither.
 */
export class EventOutbox {
  private readonly store: Store;
  private readonly insert: Query<never>;
  private readonly select: Query<OutboxRow>;
  private readonly remove: Query<never>;
  private listener: () => void = () => undefined;

  constructor(store: Store) {
    this.store = store;
    store.define(
      'CREATE TABLE IF NOT EXISTS event_outbox (id INTEGER PRIMARY KEY AUTOINCREMENT, bucket TEXT NOT NULL, kind TEXT NOT NULL, arn TEXT NOT NULL, payload TEXT NOT NULL, trace TEXT) STRICT',
    );
    this.insert = store.prepare(
      'INSERT INTO event_outbox (bucket, kind, arn, payload, trace) VALUES (?, ?, ?, ?, ?)',
    );
    this.select = store.prepare('SELECT * FROM event_outbox ORDER BY id LIMIT ?');
    this.remove = store.prepare('DELETE FROM event_outbox WHERE id = ?');
  }

  /** Adds an event. Call it inside the transaction of the change. */
  add({ bucket, kind, arn, payload, traceHeader }: PendingEvent): void {
    this.insert.run(bucket, kind, arn, payload, traceHeader ?? null);
    this.store.afterCommit(() => this.listener());
  }

  /** The oldest ones. */
  first(count: number): OutboxEntry[] {
    return this.select
      .all(count)
      .map(({ trace, ...row }) => ({ ...row, traceHeader: trace ?? undefined }));
  }

  delete(id: number): void {
    this.remove.run(id);
  }

  /** Calls `listener` whenever events were added. */
  onAdded(listener: () => void): void {
    this.listener = listener;
  }
}
