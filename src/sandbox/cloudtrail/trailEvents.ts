import type { Query, Store } from '../store.ts';

/** How long CloudTrail's event history goes back (CloudTrail user guide, "Working with event history"). */
export const HISTORY_MS = 90 * 24 * 60 * 60 * 1000;

export interface TrailEvent {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly name: string;
  /** `lambda.amazonaws.com` */
  readonly source: string;
  readonly username: string;
  /** The record as JSON. */
  readonly record: string;
}

interface EventRow extends TrailEvent {
  readonly number: number;
}

/** Where a page ended: events are listed from the newest to the oldest. */
export interface TrailPosition {
  readonly time: number;
  readonly number: number;
}

export interface TrailFilter {
  readonly start: number;
  readonly end: number;
  /** Which of an event's members must have which value. */
  readonly attribute?: readonly [member: 'id' | 'name' | 'source' | 'username', value: string];
}

/** The management events of the account, for ninety days. */
export class TrailEvents {
  private readonly insert: Query<never>;
  private readonly expire: Query<never>;
  private readonly select: Query<EventRow>;

  constructor(store: Store) {
    store.define(`
      CREATE TABLE IF NOT EXISTS trail_event (
        number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, time INTEGER NOT NULL,
        name TEXT NOT NULL, source TEXT NOT NULL, username TEXT NOT NULL, record TEXT NOT NULL) STRICT;
      CREATE INDEX IF NOT EXISTS trail_event_by_time ON trail_event (time, number);`);
    this.insert = store.prepare(
      'INSERT INTO trail_event (id, time, name, source, username, record) VALUES (?, ?, ?, ?, ?, ?)',
    );
    this.expire = store.prepare('DELETE FROM trail_event WHERE time < ?');
    this.select = store.prepare(`
      SELECT * FROM trail_event
      WHERE time >= ?1 AND time <= ?2 AND (time < ?3 OR (time = ?3 AND number < ?4))
        AND (?5 IS NULL OR ?6 = CASE ?5 WHEN 'id' THEN id WHEN 'name' THEN name
          WHEN 'source' THEN source ELSE username END)
      ORDER BY time DESC, number DESC LIMIT ?7`);
  }

  add({ id, time, name, source, username, record }: TrailEvent): void {
    this.insert.run(id, time, name, source, username, record);
    this.expire.run(time - HISTORY_MS);
  }

  /** Events of a filter from a position on, the newest first. */
  list(filter: TrailFilter, after: TrailPosition | undefined, count: number): EventRow[] {
    const { start, end, attribute } = filter;
    const [member, value] = attribute ?? [null, null];
    const { time, number } = after ?? { time: Number.MAX_SAFE_INTEGER, number: 0 };
    return this.select.all(start, end, time, number, member, value, count);
  }
}
