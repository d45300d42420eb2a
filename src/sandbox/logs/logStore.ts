import type { Query, Store } from '../store.ts';
import { LogEvents } from './logEvents.ts';
import { LogGroups } from './logGroups.ts';
import { LOG_TABLES } from './logTables.ts';

/** A log group keeps this many bytes, counted as AWS bills them; the oldest events go first. */
export const GROUP_BYTES = 64 * 1024 * 1024;
/** What AWS adds to each event's message when it counts bytes (PutLogEvents). */
export const EVENT_OVERHEAD = 26;
/** The longest event that AWS takes, overhead included, in bytes (PutLogEvents). */
export const MAX_EVENT_BYTES = 1024 * 1024;
/** How full a group is left when it was too full, so that not every append deletes. */
const KEPT = 0.9;

export interface LogEventInput {
  readonly timestamp: Date;
  readonly message: string;
}

export interface LogStoreOptions {
  /** Bytes that each group keeps. */
  readonly groupBytes?: number;
}

interface GroupRow {
  readonly id: number;
  readonly bytes: number;
  readonly retention: number | null;
}

interface EventRow {
  readonly id: number;
  readonly timestamp: number;
  readonly bytes: number;
}

/**
 * Log groups, their streams and events. A function may write without end: a group keeps its newest
 * GROUP_BYTES, and a longer event than AWS takes is cut.
 */
export class LogStore {
  readonly groups: LogGroups;
  readonly events: LogEvents;
  private readonly store: Store;
  private readonly now: () => Date;
  private readonly groupBytes: number;
  private readonly upsertGroup: Query<GroupRow>;
  private readonly upsertStream: Query<{ id: number }>;
  private readonly insertEvent: Query<never>;
  private readonly addBytes: Query<{ bytes: number }>;
  private readonly extendStream: Query<never>;
  private readonly oldest: Query<EventRow>;
  private readonly expired: Query<{ bytes: number | null }>;
  private readonly deleteUpTo: Query<never>;

  constructor(store: Store, clock: { now(): Date }, options: LogStoreOptions = {}) {
    this.store = store;
    this.now = () => clock.now();
    this.groupBytes = options.groupBytes ?? GROUP_BYTES;
    store.define(LOG_TABLES);
    this.groups = new LogGroups(store);
    this.events = new LogEvents(store);
    this.upsertGroup = store.prepare(
      `INSERT INTO log_group (name, created) VALUES (?, ?)
       ON CONFLICT DO UPDATE SET name = name RETURNING id, bytes, retention`,
    );
    this.upsertStream = store.prepare(
      `INSERT INTO log_stream (group_id, name, created) VALUES (?, ?, ?)
       ON CONFLICT DO UPDATE SET name = name RETURNING id`,
    );
    this.insertEvent = store.prepare(
      `INSERT INTO log_event (group_id, stream, timestamp, ingested, bytes, message)
       VALUES (?, ?, ?, ?, ?, ?)`,
    );
    this.addBytes = store.prepare(
      'UPDATE log_group SET bytes = bytes + ? WHERE id = ? RETURNING bytes',
    );
    this.extendStream = store.prepare(
      `UPDATE log_stream SET last_event = max(coalesce(last_event, ?1), ?1), last_ingestion = ?2
       WHERE id = ?3`,
    );
    this.oldest = store.prepare(
      'SELECT id, timestamp, bytes FROM log_event WHERE group_id = ? ORDER BY timestamp, id',
    );
    this.expired = store.prepare(
      'SELECT sum(bytes) AS bytes FROM log_event WHERE group_id = ? AND timestamp < ?',
    );
    this.deleteUpTo = store.prepare(
      'DELETE FROM log_event WHERE group_id = ? AND (timestamp, id) <= (?, ?)',
    );
  }

  /**
   * Writes events to a stream; group and stream are made when they are missing. Whether the writer may
   * is not asked here.
   */
  append(input: {
    readonly group: string;
    readonly stream: string;
    readonly events: readonly LogEventInput[];
  }): void {
    this.store.transaction(() => {
      const now = this.now().getTime();
      const group = required(this.upsertGroup.get(input.group, now));
      const stream = required(this.upsertStream.get(group.id, input.stream, now));
      if (input.events.length === 0) return;
      let written = 0;
      let last = -Infinity;
      for (const event of input.events) {
        const time = event.timestamp.getTime();
        const message = cut(event.message);
        const bytes = Buffer.byteLength(message) + EVENT_OVERHEAD;
        this.insertEvent.run(group.id, stream.id, time, now, bytes, message);
        written += bytes;
        last = Math.max(last, time);
      }
      this.extendStream.run(last, now, stream.id);
      const { bytes } = required(this.addBytes.get(written, group.id));
      if (group.retention !== null) this.expire(group.id, oldestKept(group.retention, now));
      if (bytes > this.groupBytes) this.trim(group.id, bytes);
    });
  }

  /** Deletes what is older than the group's retention. */
  private expire(group: number, oldest: number): void {
    const { bytes } = required(this.expired.get(group, oldest));
    if (bytes === null) return;
    this.deleteUpTo.run(group, oldest, 0);
    this.addBytes.get(-bytes, group);
  }

  /** Deletes a group's oldest events until it is KEPT full. */
  private trim(group: number, bytes: number): void {
    const surplus = bytes - this.groupBytes * KEPT;
    let freed = 0;
    let end: EventRow | undefined;
    for (const event of this.oldest.iterate(group)) {
      if (freed >= surplus) break;
      freed += event.bytes;
      end = event;
    }
    if (end === undefined) return;
    this.deleteUpTo.run(group, end.timestamp, end.id);
    this.addBytes.get(-freed, group);
  }
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** The time that events of a group must have or pass to be kept and shown. */
export function oldestKept(retention: number | null, now: number): number {
  return retention === null ? 0 : now - retention * DAY_MS;
}

/** A message no longer than AWS takes, cut at a whole character. */
function cut(message: string): string {
  const most = MAX_EVENT_BYTES - EVENT_OVERHEAD;
  // A character of three bytes is one unit of UTF-16, so a short text needs no measuring.
  if (message.length * 3 <= most || Buffer.byteLength(message) <= most) return message;
  const bytes = Buffer.from(message).subarray(0, most);
  return bytes.toString('utf8').replace(/\uFFFD+$/, '');
}

function required<Row>(row: Row | undefined): Row {
  if (row === undefined) throw new Error('A log record could not be written.');
  return row;
}
