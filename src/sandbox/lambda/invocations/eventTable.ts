import type { Query, Store } from '../../store.ts';

/** An asynchronous invocation that waits, as it is known before its payload is read. */
export interface QueuedEvent {
  readonly id: number;
  readonly requestId: string;
  readonly functionName: string;
  readonly functionId: string;
  readonly traceHeader: string | undefined;
  /** Milliseconds since 1970. */
  readonly received: number;
  /** When it is to be tried, in milliseconds since 1970. */
  readonly due: number;
  /** How often the function has failed. */
  readonly failures: number;
  /** How often in a row it could not be run. */
  readonly throttles: number;
}

interface EventRow {
  readonly id: number;
  readonly request_id: string;
  readonly function_name: string;
  readonly function_id: string;
  readonly trace_header: string | null;
  readonly received: number;
  readonly due: number;
  readonly failures: number;
  readonly throttles: number;
}

const COLUMNS =
  'id, request_id, function_name, function_id, trace_header, received, due, failures, throttles';

/** The queue of asynchronous invocations on disk. */
export class EventTable {
  private readonly insertRow: Query<never>;
  private readonly selectDue: Query<EventRow>;
  private readonly selectNext: Query<{ due: number | null }>;
  private readonly selectPayload: Query<{ payload: Uint8Array }>;
  private readonly reschedule: Query<never>;
  private readonly bringForward: Query<never>;
  private readonly moveBack: Query<never>;
  private readonly moveForward: Query<never>;
  private readonly remove: Query<never>;
  private readonly countAll: Query<{ count: number }>;

  constructor(store: Store) {
    store.define(`
      CREATE TABLE IF NOT EXISTS lambda_event (
        id INTEGER PRIMARY KEY AUTOINCREMENT, request_id TEXT NOT NULL, function_name TEXT NOT NULL,
        function_id TEXT NOT NULL, trace_header TEXT, received INTEGER NOT NULL,
        due INTEGER NOT NULL, failures INTEGER NOT NULL DEFAULT 0,
        throttles INTEGER NOT NULL DEFAULT 0, payload BLOB NOT NULL) STRICT;
      CREATE INDEX IF NOT EXISTS lambda_event_by_due ON lambda_event (due, id);`);
    this.insertRow = store.prepare(
      `INSERT INTO lambda_event (request_id, function_name, function_id, trace_header, received, due,
       payload) VALUES (?, ?, ?, ?, ?, ?, ?)`,
    );
    this.selectDue = store.prepare(
      `SELECT ${COLUMNS} FROM lambda_event WHERE due <= ?
       AND id NOT IN (SELECT value FROM json_each(?)) ORDER BY due, id LIMIT ?`,
    );
    this.selectNext = store.prepare(
      'SELECT min(due) AS due FROM lambda_event WHERE id NOT IN (SELECT value FROM json_each(?))',
    );
    this.selectPayload = store.prepare('SELECT payload FROM lambda_event WHERE id = ?');
    this.reschedule = store.prepare(
      'UPDATE lambda_event SET due = ?, failures = ?, throttles = ? WHERE id = ?',
    );
    this.bringForward = store.prepare(
      'UPDATE lambda_event SET due = ?1, received = min(received, ?1) WHERE due > ?2',
    );
    this.moveBack = store.prepare(
      'UPDATE lambda_event SET due = due + ?1, received = received + ?1 WHERE received > ?2',
    );
    this.moveForward = store.prepare(
      'UPDATE lambda_event SET due = due + ?1, received = received + ?1 WHERE received <= ?2 - ?1',
    );
    this.remove = store.prepare('DELETE FROM lambda_event WHERE id = ?');
    this.countAll = store.prepare('SELECT count(*) AS count FROM lambda_event');
  }

  insert(
    event: Pick<QueuedEvent, 'requestId' | 'functionName' | 'functionId' | 'traceHeader'> & {
      readonly received: number;
      readonly payload: Buffer;
    },
  ): void {
    const { requestId, functionName, functionId, traceHeader, received, payload } = event;
    this.insertRow.run(
      requestId,
      functionName,
      functionId,
      traceHeader ?? null,
      received,
      received,
      payload,
    );
  }

  /** Events that are due, the ones that waited longest first. */
  due(now: number, except: ReadonlySet<number>, limit: number): QueuedEvent[] {
    return this.selectDue.all(now, JSON.stringify([...except]), limit).map(toEvent);
  }

  /** Makes due what was put off for longer than `most` milliseconds: the clock was put back since. */
  hasten(now: number, most: number): void {
    this.bringForward.run(now, now + most);
  }

  /**
   * Keeps the waits and ages of events when the time was set by `jump` milliseconds, forward or back; those
   * that were received since are left.
   */
  followClock(now: number, jump: number): void {
    (jump < 0 ? this.moveBack : this.moveForward).run(jump, now);
  }

  /** When the next event is due; undefined when there is none. */
  nextDue(except: ReadonlySet<number>): number | undefined {
    return this.selectNext.get(JSON.stringify([...except]))?.due ?? undefined;
  }

  payload(id: number): Buffer {
    return Buffer.from(this.selectPayload.get(id)?.payload ?? []);
  }

  postpone({ id }: QueuedEvent, due: number, failures: number, throttles: number): void {
    this.reschedule.run(due, failures, throttles, id);
  }

  delete({ id }: QueuedEvent): void {
    this.remove.run(id);
  }

  /** How many wait or run. */
  get size(): number {
    return this.countAll.get()?.count ?? 0;
  }
}

function toEvent(row: EventRow): QueuedEvent {
  return {
    id: row.id,
    requestId: row.request_id,
    functionName: row.function_name,
    functionId: row.function_id,
    traceHeader: row.trace_header ?? undefined,
    received: row.received,
    due: row.due,
    failures: row.failures,
    throttles: row.throttles,
  };
}
