/** The tables of CloudWatch Logs; each group's and each stream's events are found by their time. */
export const LOG_TABLES = `
  CREATE TABLE IF NOT EXISTS log_group (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, created INTEGER NOT NULL,
    retention INTEGER, bytes INTEGER NOT NULL DEFAULT 0, tags TEXT) STRICT;
  CREATE TABLE IF NOT EXISTS log_stream (
    id INTEGER PRIMARY KEY, group_id INTEGER NOT NULL, name TEXT NOT NULL, created INTEGER NOT NULL,
    last_event INTEGER, last_ingestion INTEGER, UNIQUE (group_id, name)) STRICT;
  CREATE TABLE IF NOT EXISTS log_event (
    id INTEGER PRIMARY KEY, group_id INTEGER NOT NULL, stream INTEGER NOT NULL,
    timestamp INTEGER NOT NULL, ingested INTEGER NOT NULL, bytes INTEGER NOT NULL,
    message TEXT NOT NULL) STRICT;
  CREATE INDEX IF NOT EXISTS log_event_by_group ON log_event (group_id, timestamp, id);
  CREATE INDEX IF NOT EXISTS log_event_by_stream ON log_event (stream, timestamp, id);`;

export interface LogGroup {
  readonly id: number;
  readonly name: string;
  /** Milliseconds since 1970, as all times of CloudWatch Logs. */
  readonly created: number;
  /** Days. */
  readonly retention: number | null;
  readonly bytes: number;
  /** JSON of a map; null: none. */
  readonly tags: string | null;
}

/** The tags of a group. */
export function tagsOf({ tags }: LogGroup): Readonly<Record<string, string>> {
  return JSON.parse(tags ?? '{}') as Record<string, string>;
}

export interface LogStream {
  readonly id: number;
  readonly name: string;
  readonly created: number;
  readonly first_event: number | null;
  readonly last_event: number | null;
  readonly last_ingestion: number | null;
}

export interface LogEvent {
  readonly id: number;
  readonly stream: number;
  readonly timestamp: number;
  readonly ingested: number;
  readonly message: string;
}
