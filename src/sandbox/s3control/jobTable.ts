import type { Query, Store } from '../store.ts';
import type {
  GeneratedManifest,
  FailureReason,
  Job,
  JobDefinition,
  JobProgress,
  JobStatus,
  Tag,
} from './job.ts';
import { TERMINAL } from './job.ts';

interface JobRow {
  readonly sequence: number;
  readonly id: string;
  readonly client_token: string;
  readonly fingerprint: string;
  readonly definition: string;
  readonly status: JobStatus;
  readonly priority: number;
  readonly created: number;
  readonly terminated: number | null;
  readonly suspended: number | null;
  readonly status_update_reason: string | null;
  readonly failure_reasons: string;
  readonly tags: string;
  readonly total: number | null;
  readonly succeeded: number;
  readonly failed: number;
  readonly active_time: number;
  readonly task_bytes: number;
  readonly succeeded_bytes: number;
  readonly failed_bytes: number;
  readonly generated_manifest: string | null;
}

/** Days of AWS's rules, in milliseconds. */
const DAY = 86_400_000;
const UNCONFIRMED_FOR = 30 * DAY;
const KEPT_FOR = 90 * DAY;

export interface NewJob {
  readonly id: string;
  readonly clientToken: string;
  /** What the request asked for, to tell a repeated request from another one with the same token. */
  readonly fingerprint: string;
  readonly definition: JobDefinition;
  readonly priority: number;
  readonly created: Date;
  readonly tags: readonly Tag[];
}

/** The batch jobs of the account. */
export class JobTable {
  private readonly store: Store;
  private readonly insertJob: Query<never>;
  private readonly byId: Query<JobRow>;
  private readonly byToken: Query<Pick<JobRow, 'id' | 'fingerprint'>>;
  private readonly page: Query<JobRow>;
  private readonly ranked: Query<JobRow>;
  private readonly change: Query<never>;
  private readonly unconfirmed: Query<JobRow>;
  private readonly progressed: Query<never>;

  constructor(store: Store) {
    this.store = store;
    store.define(`
      CREATE TABLE IF NOT EXISTS batch_job (
        sequence INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
        client_token TEXT NOT NULL UNIQUE, fingerprint TEXT NOT NULL, definition TEXT NOT NULL,
        status TEXT NOT NULL, priority INTEGER NOT NULL, created INTEGER NOT NULL, terminated INTEGER,
        suspended INTEGER, status_update_reason TEXT, failure_reasons TEXT NOT NULL DEFAULT '[]',
        tags TEXT NOT NULL, total INTEGER, succeeded INTEGER NOT NULL DEFAULT 0,
        failed INTEGER NOT NULL DEFAULT 0, active_time INTEGER NOT NULL DEFAULT 0,
        task_bytes INTEGER NOT NULL DEFAULT 0, succeeded_bytes INTEGER NOT NULL DEFAULT 0,
        failed_bytes INTEGER NOT NULL DEFAULT 0, generated_manifest TEXT) STRICT;
      CREATE INDEX IF NOT EXISTS batch_job_by_status ON batch_job (status, priority DESC, sequence);`);
    this.insertJob = store.prepare(`INSERT INTO batch_job
      (id, client_token, fingerprint, definition, status, priority, created, tags)
      VALUES (?, ?, ?, ?, 'New', ?, ?, ?)`);
    this.byId = store.prepare('SELECT * FROM batch_job WHERE id = ?');
    this.byToken = store.prepare('SELECT id, fingerprint FROM batch_job WHERE client_token = ?');
    this.page = store.prepare(`SELECT * FROM batch_job
      WHERE sequence < ? AND status IN (SELECT value FROM json_each(?))
      ORDER BY sequence DESC LIMIT ?`);
    this.ranked = store.prepare(`SELECT * FROM batch_job
      WHERE status IN (SELECT value FROM json_each(?)) ORDER BY priority DESC, sequence LIMIT ?`);
    this.change = store.prepare(`UPDATE batch_job SET status = ?, priority = ?, terminated = ?,
      suspended = ?, status_update_reason = ?, failure_reasons = ?, tags = ?, total = ?,
      generated_manifest = ? WHERE id = ?`);
    this.unconfirmed = store.prepare(
      "SELECT * FROM batch_job WHERE status = 'Suspended' AND suspended <= ?",
    );
    this.progressed = store.prepare(`UPDATE batch_job SET succeeded = ?, failed = ?,
      active_time = ?, task_bytes = ?, succeeded_bytes = ?, failed_bytes = ? WHERE id = ?`);
  }

  insert(job: NewJob): void {
    this.insertJob.run(
      job.id,
      job.clientToken,
      job.fingerprint,
      JSON.stringify(job.definition),
      job.priority,
      job.created.getTime(),
      JSON.stringify(job.tags),
    );
  }

  find(id: string): Job | undefined {
    const row = this.byId.get(id);
    return row === undefined ? undefined : toJob(row);
  }

  findByToken(clientToken: string): { id: string; fingerprint: string } | undefined {
    return this.byToken.get(clientToken);
  }

  /** Jobs of these statuses created before the one with `before` as sequence, newest first. */
  list(statuses: readonly JobStatus[], before: number, limit: number): Job[] {
    return this.page.all(before, JSON.stringify(statuses), limit).map(toJob);
  }

  /** The job of these statuses with the highest priority, of equal ones the oldest. */
  foremost(
    statuses: readonly JobStatus[],
    except: ReadonlySet<string> = new Set(),
  ): Job | undefined {
    const rows = this.ranked.all(JSON.stringify(statuses), except.size + 1);
    const row = rows.find(({ id }) => !except.has(id));
    return row === undefined ? undefined : toJob(row);
  }

  /** Writes changes to a job; everything else of it stays. */
  update(
    id: string,
    changes: Partial<
      Pick<
        Job,
        | 'status'
        | 'priority'
        | 'terminated'
        | 'suspended'
        | 'statusUpdateReason'
        | 'failureReasons'
        | 'tags'
        | 'generatedManifest'
      >
    > & { readonly total?: number },
  ): void {
    const current = this.find(id);
    if (current === undefined) return;
    const job = { ...current, ...changes };
    this.change.run(
      job.status,
      job.priority,
      job.terminated?.getTime() ?? null,
      job.suspended?.getTime() ?? null,
      job.statusUpdateReason ?? null,
      JSON.stringify(job.failureReasons),
      JSON.stringify(job.tags),
      changes.total ?? current.progress.total ?? null,
      job.generatedManifest === undefined ? null : JSON.stringify(job.generatedManifest),
      id,
    );
  }

  saveProgress(id: string, progress: JobProgress): void {
    this.progressed.run(
      progress.succeeded,
      progress.failed,
      Math.round(progress.activeTime),
      progress.taskBytes,
      progress.succeededBytes,
      progress.failedBytes,
      id,
    );
  }

  /**
   * Applies AWS's time limits: a job that nobody confirmed for 30 days fails, and a job is forgotten
   * 90 days after its end. Nobody can see a job between its limit and the next look at the table.
   */
  expire(now: Date): void {
    const time = now.getTime();
    for (const row of this.unconfirmed.all(time - UNCONFIRMED_FOR)) {
      const reason = 'The job was not confirmed within 30 days of its creation.';
      this.update(row.id, {
        status: 'Failed',
        terminated: new Date((row.suspended ?? time) + UNCONFIRMED_FOR),
        failureReasons: [{ code: 'JobExpired', reason }],
      });
    }
    this.store
      .prepare(
        `DELETE FROM batch_job WHERE terminated <= ? AND status IN (${TERMINAL.map(() => '?').join()})`,
      )
      .run(time - KEPT_FOR, ...TERMINAL);
  }
}

function toJob(row: JobRow): Job {
  return {
    id: row.id,
    sequence: row.sequence,
    definition: JSON.parse(row.definition) as JobDefinition,
    status: row.status,
    priority: row.priority,
    created: new Date(row.created),
    terminated: row.terminated === null ? undefined : new Date(row.terminated),
    suspended: row.suspended === null ? undefined : new Date(row.suspended),
    statusUpdateReason: row.status_update_reason ?? undefined,
    failureReasons: JSON.parse(row.failure_reasons) as FailureReason[],
    tags: JSON.parse(row.tags) as Tag[],
    progress: {
      total: row.total ?? undefined,
      succeeded: row.succeeded,
      failed: row.failed,
      activeTime: row.active_time,
      taskBytes: row.task_bytes,
      succeededBytes: row.succeeded_bytes,
      failedBytes: row.failed_bytes,
    },
    generatedManifest:
      row.generated_manifest === null
        ? undefined
        : (JSON.parse(row.generated_manifest) as GeneratedManifest),
  };
}
