import { mkdirSync } from 'node:fs';
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { describe } from './faults.ts';
import { openDatabase } from './openDatabase.ts';
import { numberOf } from './schema.ts';

/** A prepared statement whose rows have the shape `Row`. */
export class Query<Row> {
  private readonly statement: StatementSync;
  private readonly isNumbered: boolean;

  constructor(statement: StatementSync) {
    this.statement = statement;
    this.isNumbered = /\?\d/.test(statement.sourceSQL);
  }

  get(...values: SQLInputValue[]): Row | undefined {
    return this.statement.get(...this.bound(values)) as Row | undefined;
  }

  all(...values: SQLInputValue[]): Row[] {
    return this.statement.all(...this.bound(values)) as Row[];
  }

  /** Rows as they are asked for. Do not write to the table while iterating. */
  iterate(...values: SQLInputValue[]): IterableIterator<Row> {
    return this.statement.iterate(...this.bound(values)) as IterableIterator<Row>;
  }

  /** Runs it; answers how many rows changed and the last row id. */
  run(...values: SQLInputValue[]): { changes: number; lastRowId: number } {
    const { changes, lastInsertRowid } = this.statement.run(...this.bound(values));
    return { changes: Number(changes), lastRowId: Number(lastInsertRowid) };
  }

  /** `?1`, `?2` … are names to SQLite, and Node.js 22 takes the values of those by name only. */
  private bound(values: SQLInputValue[]): SQLInputValue[] {
    if (!this.isNumbered) return values;
    const byName = Object.fromEntries(values.map((value, at) => [`?${at + 1}`, value]));
    // The types say that names come first and alone; as the only argument they do.
    return [byName as unknown as SQLInputValue];
  }
}

/**
 * Every record of the sandbox: one SQLite database in the data folder. Each service creates its own
 * tables. A transaction that has returned survives a kill of the process (write-ahead log); only a
 * crash of the machine may lose the last ones, which is what `synchronous = NORMAL` trades for speed.
 */
export class Store {
  readonly directory: string;
  private readonly log: (line: string) => void;
  private readonly database: DatabaseSync;
  private readonly begin: StatementSync;
  private readonly commit: StatementSync;
  private depth = 0;
  private committed: (() => void)[] = [];

  /**
   * Opens or creates the folder (0700) and its database, and locks it for this process.
   * @param log gets what fails after a commit, which nobody can be told of any more
   * @throws DataFolderError when it is in use, damaged, newer or another program's; the file system's
   * errors otherwise.
   */
  constructor(directory: string, log: (line: string) => void = () => undefined) {
    this.directory = directory;
    this.log = log;
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    this.database = openDatabase(directory);
    this.begin = this.database.prepare('BEGIN IMMEDIATE');
    this.commit = this.database.prepare('COMMIT');
  }

  /** Runs statements that create tables. */
  define(sql: string): void {
    this.database.exec(sql);
  }

  prepare<Row = Record<string, never>>(sql: string): Query<Row> {
    return new Query<Row>(this.database.prepare(sql));
  }

  /**
   * All of `work`'s writes or none of them. Nested calls join the outer transaction.
   * @throws what `work` or the disk throws; then nothing is kept. What is to be done after the commit
   * can't fail it any more.
   */
  transaction<Result>(work: () => Result): Result {
    if (this.depth > 0) return work();
    this.committed = [];
    this.begin.run();
    this.depth += 1;
    let result: Result;
    try {
      result = work();
      this.commit.run();
    } catch (error) {
      this.committed = [];
      this.rollBack();
      throw error;
    } finally {
      this.depth -= 1;
    }
    this.followUp();
    return result;
  }

  /** Does something once the running transaction is on disk; never when it is rolled back. */
  afterCommit(action: () => void): void {
    this.committed.push(action);
  }

  private followUp(): void {
    const actions = this.committed;
    this.committed = [];
    for (const action of actions) {
      try {
        action();
      } catch (error) {
        this.log(`After a commit: ${describe(error)}`);
      }
    }
  }

  private rollBack(): void {
    // SQLite has rolled back by itself when the disk is full.
    if (!this.database.isTransaction) return;
    try {
      this.database.exec('ROLLBACK');
    } catch (error) {
      this.log(`A transaction could not be rolled back: ${describe(error)}`);
    }
  }

  /** Bytes of the file that hold nothing any more. */
  get freeBytes(): number {
    const { database } = this;
    return numberOf(database, 'freelist_count') * numberOf(database, 'page_size');
  }

  /** Gives up to so many pages that hold nothing back to the disk. */
  giveBack(pages: number): void {
    this.database.exec(`PRAGMA incremental_vacuum(${pages})`);
  }

  /** Brings the write-ahead log into the database, and empties its file. */
  truncateLog(): void {
    this.database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  }

  close(): void {
    this.database.close();
  }
}
