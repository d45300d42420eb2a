import type { Query, Store } from '../store.ts';

/** The lookup attributes by which events are found here. */
export type EventAttribute =
  | 'EventId'
  | 'EventName'
  | 'EventSource'
  | 'Username'
  | 'AccessKeyId'
  | 'ResourceName'
  | 'ResourceType';

/** A management event; times are seconds since 1970. */
export interface RecordedEvent {
  readonly id: string;
  readonly time: number;
  readonly name: string;
  readonly source: string;
  readonly userName: string;
  readonly accessKeyId: string;
  readonly resource: { readonly type: string; readonly name: string } | undefined;
  /** CloudTrail's JSON of it. */
  readonly record: string;
}

/** Where an event stands among all: by time, then as they came. */
export interface HistoryPosition {
  readonly time: number;
  readonly number: number;
}

export interface EventRow extends HistoryPosition {
  readonly id: string;
  readonly name: string;
  readonly source: string;
  readonly user_name: string;
  readonly access_key_id: string;
  readonly resource_type: string | null;
  readonly resource_name: string | null;
  readonly record: string;
}

const COLUMNS: Readonly<Record<EventAttribute, string>> = {
  EventId: 'id',
  EventName: 'name',
  EventSource: 'source',
  Username: 'user_name',
  AccessKeyId: 'access_key_id',
  ResourceName: 'resource_name',
  ResourceType: 'resource_type',
};

/** The history holds 90 days (LookupEvents). */
const KEPT_SECONDS = 90 * 24 * 60 * 60;
/** LookupEvents answers two requests a second, per account and Region. */
const LOOKUPS = 2;

/** CloudTrail's event history: what was done with management operations. */
export class EventHistory {
  private readonly store: Store;
  private readonly now: () => Date;
  private readonly insert: Query<never>;
  private readonly expire: Query<never>;
  /** When the last lookups were, in milliseconds, oldest first. */
  private lookups: readonly number[] = [];

  constructor(store: Store, clock: { now(): Date }) {
    this.store = store;
    this.now = () => clock.now();
    store.define(`
      CREATE TABLE IF NOT EXISTS management_event (
        number INTEGER PRIMARY KEY, id TEXT NOT NULL, time INTEGER NOT NULL, name TEXT NOT NULL,
        source TEXT NOT NULL, user_name TEXT NOT NULL, access_key_id TEXT NOT NULL,
        resource_type TEXT, resource_name TEXT, record TEXT NOT NULL) STRICT;
      CREATE INDEX IF NOT EXISTS management_event_by_name ON management_event (name, time, number);
      CREATE INDEX IF NOT EXISTS management_event_by_time ON management_event (time, number);`);
    this.insert = store.prepare(
      `INSERT INTO management_event (id, time, name, source, user_name, access_key_id, resource_type,
       resource_name, record) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.expire = store.prepare('DELETE FROM management_event WHERE time < ?');
  }

  add({ id, time, name, source, userName, accessKeyId, resource, record }: RecordedEvent): void {
    const of = [resource?.type ?? null, resource?.name ?? null];
    this.store.transaction(() => {
      this.insert.run(id, time, name, source, userName, accessKeyId, ...of, record);
      this.expire.run(this.oldest());
    });
  }

  /**
   * Events of a span, the newest first.
   * @param span seconds since 1970, both of it
   * @param before where the page before ended
   */
  find(
    span: { readonly start: number; readonly end: number },
    attribute: { readonly key: EventAttribute; readonly value: string } | undefined,
    before: HistoryPosition,
    limit: number,
  ): EventRow[] {
    const where = attribute ? `AND ${COLUMNS[attribute.key]} = ?` : '';
    const query = this.store.prepare<EventRow>(
      `SELECT * FROM management_event WHERE time >= ? AND time <= ? AND (time, number) < (?, ?) ${where}
       ORDER BY time DESC, number DESC LIMIT ?`,
    );
    const start = Math.max(span.start, this.oldest());
    const values = attribute ? [attribute.value] : [];
    return query.all(start, span.end, before.time, before.number, ...values, limit);
  }

  /** Whether one more lookup is within the rate; counts it then. */
  admitLookup(): boolean {
    const now = this.now().getTime();
    const recent = this.lookups.filter(time => time > now - 1000);
    if (recent.length >= LOOKUPS) return false;
    this.lookups = [...recent, now];
    return true;
  }

  private oldest(): number {
    return Math.floor(this.now().getTime() / 1000) - KEPT_SECONDS;
  }
}
