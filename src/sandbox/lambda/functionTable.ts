import type { Query, Store } from '../store.ts';
import type {
  EventInvokeConfig,
  FunctionCode,
  FunctionSettings,
  LambdaFunction,
  PolicyStatement,
} from './lambdaFunction.ts';

interface FunctionRow {
  readonly name: string;
  readonly id: string;
  readonly arn: string;
  readonly settings: string;
  readonly code: string;
  readonly tags: string;
  readonly policy: string;
  readonly policy_revision: string;
  readonly event_invoke: string | null;
  readonly reserved_concurrency: number | null;
  readonly revision_id: string;
  readonly last_modified: number;
  readonly active_at: number;
  readonly updated_at: number;
}

/** The functions of the account. */
export class FunctionTable {
  private readonly byName: Query<FunctionRow>;
  private readonly page: Query<FunctionRow>;
  private readonly upsert: Query<never>;
  private readonly remove: Query<never>;
  private readonly reserved: Query<{ total: number | null }>;
  private readonly allCode: Query<{ code: string }>;
  /** Functions by name: every invocation asks for one. */
  private readonly known = new Map<string, LambdaFunction>();
  private readonly store: Store;

  constructor(store: Store) {
    this.store = store;
    store.define(`CREATE TABLE IF NOT EXISTS lambda_function (
      name TEXT PRIMARY KEY, id TEXT NOT NULL, arn TEXT NOT NULL, settings TEXT NOT NULL,
      code TEXT NOT NULL, tags TEXT NOT NULL, policy TEXT NOT NULL, policy_revision TEXT NOT NULL,
      event_invoke TEXT, reserved_concurrency INTEGER, revision_id TEXT NOT NULL,
      last_modified INTEGER NOT NULL, active_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;`);
    this.byName = store.prepare('SELECT * FROM lambda_function WHERE name = ?');
    this.page = store.prepare('SELECT * FROM lambda_function WHERE name > ? ORDER BY name LIMIT ?');
    this.upsert = store.prepare(
      'INSERT OR REPLACE INTO lambda_function VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    );
    this.remove = store.prepare('DELETE FROM lambda_function WHERE name = ?');
    this.reserved = store.prepare(
      'SELECT sum(reserved_concurrency) AS total FROM lambda_function WHERE name <> ?',
    );
    this.allCode = store.prepare('SELECT code FROM lambda_function');
  }

  find(name: string): LambdaFunction | undefined {
    const known = this.known.get(name);
    if (known !== undefined) return known;
    const row = this.byName.get(name);
    if (row === undefined) return undefined;
    const found = toFunction(row);
    this.known.set(name, found);
    return found;
  }

  /** Functions with a greater name, in the order of their names. */
  list(after: string, limit: number): LambdaFunction[] {
    return this.page.all(after, limit).map(toFunction);
  }

  save(changed: LambdaFunction): void {
    this.upsert.run(
      changed.name,
      changed.id,
      changed.arn,
      JSON.stringify(changed.settings),
      JSON.stringify(changed.code),
      JSON.stringify(changed.tags),
      JSON.stringify(changed.policy),
      // The column is of the time when policies had revisions of their own.
      changed.revisionId,
      changed.eventInvoke === undefined ? null : JSON.stringify(changed.eventInvoke),
      changed.reservedConcurrency ?? null,
      changed.revisionId,
      changed.lastModified.getTime(),
      changed.activeAt.getTime(),
      changed.updatedAt.getTime(),
    );
    this.known.delete(changed.name);
  }

  delete(name: string): void {
    this.remove.run(name);
    this.known.delete(name);
  }

  /** The concurrency that functions other than this one have reserved. */
  reservedBeside(name: string): number {
    return this.reserved.get(name)?.total ?? 0;
  }

  /** The code of all functions. */
  codes(): FunctionCode[] {
    return this.allCode.all().map(row => JSON.parse(row.code) as FunctionCode);
  }

  transaction<Result>(work: () => Result): Result {
    return this.store.transaction(work);
  }
}

function toFunction(row: FunctionRow): LambdaFunction {
  return {
    name: row.name,
    id: row.id,
    arn: row.arn,
    settings: JSON.parse(row.settings) as FunctionSettings,
    code: JSON.parse(row.code) as FunctionCode,
    tags: JSON.parse(row.tags) as Record<string, string>,
    policy: JSON.parse(row.policy) as PolicyStatement[],
    eventInvoke:
      row.event_invoke === null ? undefined : (JSON.parse(row.event_invoke) as EventInvokeConfig),
    reservedConcurrency: row.reserved_concurrency ?? undefined,
    revisionId: row.revision_id,
    lastModified: new Date(row.last_modified),
    activeAt: new Date(row.active_at),
    updatedAt: new Date(row.updated_at),
  };
}
