import { chmodSync, closeSync, existsSync, openSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DataFolderError, damagedFolder, folderFault } from './dataFolderError.ts';
import { isDiskFull } from './errors.ts';
import { inspectSchema, migrate, numberOf } from './schema.ts';

const SQLITE_BUSY = 5;
/** What `PRAGMA auto_vacuum` answers for a database that can give pages back one by one. */
const INCREMENTAL = 2;
/** Databases up to this many bytes are looked through at the start: about a tenth of a second. */
const CHECKED_SIZE = 32 * 1024 * 1024;

/**
 * Opens or creates the database of a data folder, locks it, and brings its tables up to date.
 * @throws DataFolderError when it is in use, damaged, newer or another program's; nothing is changed then
 */
export function openDatabase(directory: string): DatabaseSync {
  const file = join(directory, 'sandbox.sqlite');
  checkCompanions(directory, file);
  // SQLite gives its log the permissions of the database, which therefore come first.
  closeSync(openSync(file, 'a', 0o600));
  const database = new DatabaseSync(file);
  try {
    // Exclusive locking keeps a second sandbox out and saves the shared-memory file.
    database.exec('PRAGMA locking_mode = EXCLUSIVE');
    const found = inspectSchema(database, directory);
    keepPrivate(file);
    if (found.empty) database.exec('PRAGMA auto_vacuum = INCREMENTAL');
    database.exec(
      'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -32000; PRAGMA wal_autocheckpoint = 4000;',
    );
    database.exec('BEGIN IMMEDIATE; COMMIT;');
    checkPages(database, directory, file);
    migrate(database, found);
    shrinkable(database);
    return database;
  } catch (error) {
    database.close();
    throw (error as { errcode?: number }).errcode === SQLITE_BUSY
      ? new DataFolderError('inUse', `The folder ${directory} is in use by another sandbox.`)
      : folderFault(error, directory);
  }
}

/** Folders of before there were versions kept the space of what was deleted. */
function shrinkable(database: DatabaseSync): void {
  if (numberOf(database, 'auto_vacuum') === INCREMENTAL) return;
  try {
    database.exec('PRAGMA auto_vacuum = INCREMENTAL; VACUUM');
  } catch (error) {
    // It takes as much space again for a moment; the next start tries again.
    if (!isDiskFull(error)) throw error;
  }
}

function keepPrivate(file: string): void {
  chmodSync(file, 0o600);
  const log = `${file}-wal`;
  if (existsSync(log)) chmodSync(log, 0o600);
}

/** Objects without the database that knows them are no new folder: they would be forgotten. */
function checkCompanions(directory: string, file: string): void {
  if (existsSync(file) && statSync(file).size > 0) return;
  const objects = join(directory, 'objects');
  if (!existsSync(objects) || existsSync(`${file}-wal`)) return;
  const entries = readdirSync(objects, { recursive: true, withFileTypes: true });
  if (!entries.some(entry => entry.isFile())) return;
  throw damagedFolder(directory, 'it holds objects, but their database sandbox.sqlite is missing');
}

/** A file that was cut or written over: SQLite itself would notice only when it gets there. */
function checkPages(database: DatabaseSync, directory: string, file: string): void {
  const { size } = statSync(file);
  const whole = numberOf(database, 'page_count') * numberOf(database, 'page_size');
  const logged = existsSync(`${file}-wal`) && statSync(`${file}-wal`).size > 0;
  if (!logged && size < whole) {
    throw damagedFolder(directory, `sandbox.sqlite has ${size} bytes of ${whole}`);
  }
  if (size > CHECKED_SIZE) return;
  const [verdict] = Object.values(database.prepare('PRAGMA quick_check(1)').get() ?? {});
  if (verdict !== 'ok') throw damagedFolder(directory, `sandbox.sqlite: ${String(verdict)}`);
}
