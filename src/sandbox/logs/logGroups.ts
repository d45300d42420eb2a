import type { Query, Store } from '../store.ts';
import type { LogGroup, LogStream } from './logTables.ts';

/** Where a page of streams begins: after this stream. */
export interface StreamPosition {
  readonly name: string;
  readonly lastEvent: number;
}

export function isStreamPosition(value: unknown): value is StreamPosition {
  if (typeof value !== 'object' || value === null) return false;
  const { name, lastEvent } = value as Partial<StreamPosition>;
  return typeof name === 'string' && Number.isSafeInteger(lastEvent);
}

const STREAM = `SELECT *, (SELECT min(timestamp) FROM log_event WHERE stream = log_stream.id)
  AS first_event FROM log_stream`;

/** Log groups and streams by their names. */
export class LogGroups {
  private readonly store: Store;
  private readonly one: Query<LogGroup>;
  private readonly page: Query<LogGroup>;
  private readonly insert: Query<never>;
  private readonly remove: Query<never>;
  private readonly removeStreams: Query<never>;
  private readonly removeEvents: Query<never>;
  private readonly retain: Query<never>;
  private readonly tag: Query<never>;
  private readonly oneStream: Query<LogStream>;
  private readonly insertStream: Query<never>;
  private readonly removeStream: Query<never>;
  private readonly removeStreamEvents: Query<{ bytes: number }>;
  private readonly addBytes: Query<never>;

  constructor(store: Store) {
    this.store = store;
    this.one = store.prepare('SELECT * FROM log_group WHERE name = ?');
    this.page = store.prepare(
      'SELECT * FROM log_group WHERE name > ? AND instr(name, ?) ORDER BY name',
    );
    this.insert = store.prepare('INSERT INTO log_group (name, created, tags) VALUES (?, ?, ?)');
    this.remove = store.prepare('DELETE FROM log_group WHERE id = ?');
    this.removeStreams = store.prepare('DELETE FROM log_stream WHERE group_id = ?');
    this.removeEvents = store.prepare('DELETE FROM log_event WHERE group_id = ?');
    this.retain = store.prepare('UPDATE log_group SET retention = ? WHERE id = ?');
    this.tag = store.prepare('UPDATE log_group SET tags = ? WHERE id = ?');
    this.oneStream = store.prepare(`${STREAM} WHERE group_id = ? AND name = ?`);
    this.insertStream = store.prepare(
      'INSERT INTO log_stream (group_id, name, created) VALUES (?, ?, ?)',
    );
    this.removeStream = store.prepare('DELETE FROM log_stream WHERE id = ?');
    this.removeStreamEvents = store.prepare(
      'DELETE FROM log_event WHERE stream = ? RETURNING bytes',
    );
    this.addBytes = store.prepare('UPDATE log_group SET bytes = bytes + ? WHERE id = ?');
  }

  find(name: string): LogGroup | undefined {
    return this.one.get(name);
  }

  /** Groups after the one named, in the order of their names, whose name contains a text. */
  list(after: string, text: string): IterableIterator<LogGroup> {
    return this.page.iterate(after, text);
  }

  create(name: string, now: Date, tags: Readonly<Record<string, string>> = {}): void {
    this.insert.run(name, now.getTime(), JSON.stringify(tags));
  }

  /** @param days undefined: forever */
  setRetention(group: LogGroup, days: number | undefined): void {
    this.retain.run(days ?? null, group.id);
  }

  /** @param tags all that it has from now on */
  setTags(group: LogGroup, tags: Readonly<Record<string, string>>): void {
    this.tag.run(JSON.stringify(tags), group.id);
  }

  delete({ id }: LogGroup): void {
    this.store.transaction(() => {
      this.removeEvents.run(id);
      this.removeStreams.run(id);
      this.remove.run(id);
    });
  }

  findStream(group: LogGroup, name: string): LogStream | undefined {
    return this.oneStream.get(group.id, name);
  }

  createStream(group: LogGroup, name: string, now: Date): void {
    this.insertStream.run(group.id, name, now.getTime());
  }

  deleteStream(group: LogGroup, { id }: LogStream): void {
    this.store.transaction(() => {
      const events = this.removeStreamEvents.all(id);
      this.addBytes.run(-events.reduce((sum, { bytes }) => sum + bytes, 0), group.id);
      this.removeStream.run(id);
    });
  }

  /** Streams of a group whose names begin so, in the order of their names or of their last events. */
  streams(
    group: LogGroup,
    prefix: string,
    { byTime, descending }: { readonly byTime: boolean; readonly descending: boolean },
    after: StreamPosition | undefined,
  ): IterableIterator<LogStream> {
    const [order, compare] = descending ? ['DESC', '<'] : ['ASC', '>'];
    const key = byTime ? '(coalesce(last_event, 0), name)' : "('', name)";
    const position = byTime ? '(?2, ?3)' : "('', ?3)";
    const query = this.store.prepare<LogStream>(
      `${STREAM} WHERE group_id = ?1 AND (?2 IS NULL OR ${key} ${compare} ${position})
         AND substr(name, 1, length(?4)) = ?4
       ORDER BY ${byTime ? `coalesce(last_event, 0) ${order},` : ''} name ${order}`,
    );
    return query.iterate(group.id, after?.lastEvent ?? null, after?.name ?? '', prefix);
  }

  /** The ids of all streams of a group with their names. */
  streamNames(group: LogGroup): ReadonlyMap<number, string> {
    const rows = this.store
      .prepare<{ id: number; name: string }>('SELECT id, name FROM log_stream WHERE group_id = ?')
      .all(group.id);
    return new Map(rows.map(({ id, name }) => [id, name]));
  }
}
