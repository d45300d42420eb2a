import type { DatabaseSync } from 'node:sqlite';
import { DataFolderError } from './dataFolderError.ts';

/** "BBSB" in the header of the database, by which a data folder is known for ours. */
const APPLICATION_ID = 0x42425342;
/** A table that every data folder has had, from before folders had a version. */
const OLDEST_TABLE = 'session_credential';

type Migration = (database: DatabaseSync) => void;

/**
 * What turns the tables of one version into those of the next; the first is for folders of before there
 * were versions. Tables that are not there yet are made by their services, as of today.
 */
const MIGRATIONS: readonly Migration[] = [
  database => addColumn(database, 'batch_job', 'generated_manifest TEXT'),
  database => addColumn(database, 'blob', 'checks BLOB'),
  database => addColumn(database, 'bucket', 'configuration TEXT'),
  database => {
    addColumn(database, 'version', 'restore TEXT');
    addColumn(database, 'version', 'restore_due INTEGER');
  },
  database => {
    addColumn(database, 'upload', 'initiator TEXT');
    addColumn(database, 'upload', 'disturbed INTEGER NOT NULL DEFAULT 0');
  },
  database => addColumn(database, 'log_group', 'tags TEXT'),
  database => {
    addColumn(database, 'upload', 'place INTEGER NOT NULL DEFAULT 0');
    addColumn(database, 'upload', 'overtaken INTEGER NOT NULL DEFAULT 0');
  },
];

/** The version of the data folders that this sandbox makes. */
export const SCHEMA_VERSION = MIGRATIONS.length;

export interface FoundSchema {
  /** Whether there is nothing in the database yet. */
  readonly empty: boolean;
  readonly version: number;
}

/**
 * Looks whose database it is, and how old, without changing anything.
 * @throws DataFolderError for another program's database, and one of a newer version
 */
export function inspectSchema(database: DatabaseSync, directory: string): FoundSchema {
  const applicationId = numberOf(database, 'application_id');
  const version = numberOf(database, 'user_version');
  const tables = database.prepare('SELECT name FROM sqlite_schema').all();
  const ours =
    applicationId === APPLICATION_ID ||
    (applicationId === 0 && tables.some(({ name }) => name === OLDEST_TABLE));
  const empty = tables.length === 0 && applicationId === 0 && version === 0;
  if (!ours && !empty) {
    throw new DataFolderError(
      'foreign',
      `The folder ${directory} holds the database of another program (sandbox.sqlite). It is left alone; use another folder.`,
    );
  }
  if (version > SCHEMA_VERSION) {
    throw new DataFolderError(
      'newer',
      `The data folder ${directory} was used by a newer version of the sandbox (format ${version}; this one knows up to ${SCHEMA_VERSION}). Update Bucket Brigade, or use another folder.`,
    );
  }
  return { empty, version };
}

/** Turns the tables into those of today, all or none of it. */
export function migrate(database: DatabaseSync, { empty, version }: FoundSchema): void {
  if (version === SCHEMA_VERSION) return;
  database.exec('BEGIN IMMEDIATE');
  try {
    if (!empty) for (const migration of MIGRATIONS.slice(version)) migration(database);
    database.exec(
      `PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT`,
    );
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

/** Adds a column to a table that exists without it. */
function addColumn(database: DatabaseSync, table: string, definition: string): void {
  const columns = database.prepare('SELECT name FROM pragma_table_info(?)').all(table);
  const [name] = definition.split(' ');
  if (columns.length === 0 || columns.some(column => column['name'] === name)) return;
  database.exec(`ALTER TABLE ${table} ADD COLUMN ${definition}`);
}

/** The value of a PRAGMA that answers one number. */
export function numberOf(database: DatabaseSync, pragma: string): number {
  return Number(Object.values(database.prepare(`PRAGMA ${pragma}`).get() ?? {})[0]);
}
