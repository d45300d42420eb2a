import type { Query, Store } from '../store.ts';
import type { LogEvent } from './logTables.ts';

/** Before or after an event; events of one time are in the order they came in. */
export interface EventPosition {
  readonly timestamp: number;
  readonly id: number;
}

export function isEventPosition(value: unknown): value is EventPosition {
  if (typeof value !== 'object' || value === null) return false;
  const { timestamp, id } = value as Partial<EventPosition>;
  return Number.isSafeInteger(timestamp) && Number.isSafeInteger(id);
}

/** Milliseconds since 1970; both are in it. */
export interface EventTimes {
  readonly first: number;
  readonly last: number;
}

/** Reads log events one by one, in the order of their time. */
export class LogEvents {
  private readonly ofGroup: Query<LogEvent>;
  private readonly forward: Query<LogEvent>;
  private readonly backward: Query<LogEvent>;

  constructor(store: Store) {
    const times = 'timestamp >= ?2 AND timestamp <= ?3 AND (timestamp, id)';
    const select = (rest: string): Query<LogEvent> =>
      store.prepare(`SELECT id, stream, timestamp, ingested, message FROM log_event WHERE ${rest}`);
    const ascending = '> (?4, ?5) ORDER BY timestamp, id';
    this.ofGroup = select(`group_id = ?1 AND ${times} ${ascending}`);
    this.forward = select(`stream = ?1 AND ${times} ${ascending}`);
    this.backward = select(`stream = ?1 AND ${times} < (?4, ?5) ORDER BY timestamp DESC, id DESC`);
  }

  inGroup(group: number, times: EventTimes, after: EventPosition): IterableIterator<LogEvent> {
    return iterate(this.ofGroup, group, times, after);
  }

  inStream(stream: number, times: EventTimes, after: EventPosition): IterableIterator<LogEvent> {
    return iterate(this.forward, stream, times, after);
  }

  /** The newest first. */
  inStreamBackward(
    stream: number,
    times: EventTimes,
    before: EventPosition,
  ): IterableIterator<LogEvent> {
    return iterate(this.backward, stream, times, before);
  }
}

function iterate(
  query: Query<LogEvent>,
  owner: number,
  { first, last }: EventTimes,
  { timestamp, id }: EventPosition,
): IterableIterator<LogEvent> {
  return query.iterate(owner, first, last, timestamp, id);
}
