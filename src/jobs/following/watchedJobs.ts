import type { Memento } from 'vscode';
import { BrigadeError } from '../../aws/errors.ts';
import type { Job } from '../../aws/batchJobs/job.ts';
import type { Session } from '../../services.ts';

const KEY = 'jobs.watched';
/** AWS forgets jobs after 90 days; so many unfinished ones are nobody's any more. */
const MAX_WATCHED = 100;

export interface WatchedJob {
  readonly jobId: string;
  readonly region: string;
}

export interface UnreportedEnd {
  readonly job: WatchedJob;
  /** Why it could not be found out whether the job has ended. */
  readonly error: unknown;
}

/**
 * The jobs that this workspace created or ran and whose end it wants to tell. They are kept across
 * windows: a job continues while none is open.
 */
export class WatchedJobs {
  readonly #state: Memento;

  constructor(state: Memento) {
    this.#state = state;
  }

  async add(session: Session, { jobId, region }: WatchedJob): Promise<void> {
    const ids = this.#ids(session, region);
    if (ids.includes(jobId)) return;
    await this.#write(session, region, [...ids, jobId].slice(-MAX_WATCHED));
  }

  async remove(session: Session, { jobId, region }: WatchedJob): Promise<void> {
    const ids = this.#ids(session, region);
    if (ids.includes(jobId)) await this.#write(session, region, without(ids, jobId));
  }

  /** Those of the session's account, of all Regions. */
  of({ key }: Pick<Session, 'key'>): readonly WatchedJob[] {
    const start = `${key}/`;
    return Object.entries(this.#all()).flatMap(([scope, ids]) => {
      const region = scope.startsWith(start) ? scope.slice(start.length) : '/';
      return region.includes('/') ? [] : ids.map(jobId => ({ jobId, region }));
    });
  }

  #ids({ key }: Session, region: string): readonly string[] {
    return this.#all()[`${key}/${region}`] ?? [];
  }

  #all(): Readonly<Record<string, readonly string[]>> {
    return this.#state.get<Record<string, readonly string[]>>(KEY, {});
  }

  async #write({ key }: Session, region: string, ids: readonly string[]): Promise<void> {
    const scopes = new Map(Object.entries(this.#all()));
    if (ids.length === 0) scopes.delete(`${key}/${region}`);
    else scopes.set(`${key}/${region}`, ids);
    await this.#state.update(KEY, Object.fromEntries(scopes));
  }

  /**
   * Stops watching the jobs that have ended, announcing each, and those that are gone. A job that
   * can't be asked about keeps none of the others from being announced.
   *
   * @param endOf the job if it has ended
   * @returns the jobs that could not be asked about
   * @throws BrigadeError `Cancelled`
   */
  async takeEnded(
    session: Session,
    endOf: (job: WatchedJob) => Promise<Job | undefined>,
    announce: (job: Job) => void,
  ): Promise<readonly UnreportedEnd[]> {
    const untold: UnreportedEnd[] = [];
    for (const job of this.of(session)) {
      try {
        const ended = await endOf(job);
        if (ended === undefined) continue;
        await this.remove(session, job);
        announce(ended);
      } catch (error) {
        const code = error instanceof BrigadeError ? error.code : undefined;
        if (code === 'Cancelled') throw error;
        if (code === 'NotFound') await this.remove(session, job);
        else untold.push({ job, error });
      }
    }
    return untold;
  }
}

function without(ids: readonly string[], jobId: string): string[] {
  return ids.filter(id => id !== jobId);
}
