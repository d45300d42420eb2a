import type { Memento } from 'vscode';
import { BrigadeError } from '../aws/errors.ts';
import type { Job } from '../aws/batchJobs/job.ts';
import type { Session } from '../services.ts';

const KEY = 'jobs.watched';
/** AWS forgets jobs after 90 days; so many unfinished ones are nobody's any more. */
const MOST = 100;

/**
 * The jobs that this workspace created or ran and whose end it wants to tell. They are kept across
 * windows: a job goes on while none is open.
 */
export class WatchedJobs {
  readonly #state: Memento;

  constructor(state: Memento) {
    this.#state = state;
  }

  async add(session: Session, jobId: string): Promise<void> {
    if (this.of(session).includes(jobId)) return;
    await this.#write(session, [...this.of(session), jobId].slice(-MOST));
  }

  async remove(session: Session, jobId: string): Promise<void> {
    await this.#write(
      session,
      this.of(session).filter(id => id !== jobId),
    );
  }

  /** Ids of those of the session's account and Region. */
  of(session: Session): readonly string[] {
    return this.#all()[scopeOf(session)] ?? [];
  }

  #all(): Readonly<Record<string, readonly string[]>> {
    return this.#state.get<Record<string, readonly string[]>>(KEY, {});
  }

  async #write(session: Session, ids: readonly string[]): Promise<void> {
    const scopes = new Map(Object.entries(this.#all()));
    if (ids.length === 0) scopes.delete(scopeOf(session));
    else scopes.set(scopeOf(session), ids);
    await this.#state.update(KEY, Object.fromEntries(scopes));
  }

  /**
   * Stops watching the jobs that have ended or are gone, and returns those that ended.
   *
   * @param endOf the job if it has ended; may throw BrigadeError `NotFound`.
   */
  async takeEnded(
    session: Session,
    endOf: (jobId: string) => Promise<Job | undefined>,
  ): Promise<Job[]> {
    const ended: Job[] = [];
    for (const jobId of this.of(session)) {
      try {
        const job = await endOf(jobId);
        if (job === undefined) continue;
        ended.push(job);
      } catch (error) {
        if (!(error instanceof BrigadeError) || error.code !== 'NotFound') throw error;
      }
      await this.remove(session, jobId);
    }
    return ended;
  }
}

function scopeOf({ connection, identity, clients }: Session): string {
  return [connection.id, identity.accountId, clients.region].join('/');
}
