import { EventEmitter, type Disposable } from 'vscode';
import type { JobSummary } from '../aws/batchJobs/batchJobs.ts';
import type { Job } from '../aws/batchJobs/job.ts';
import { isRunning, JOB_STATUSES, type JobStatus } from '../aws/batchJobs/jobStatus.ts';
import type { Services, Session } from '../services.ts';

/** How many jobs are shown before Load more, and how many it adds. */
const PAGE = 100;

export interface ListOutcome {
  /** A job appeared, went away or changed its status. */
  readonly changed: boolean;
}

/**
 * The jobs of the current account and Region as last read, newest first. Knows nothing of how they
 * are shown or how often they are read. What was read for another account is never seen again: a
 * change of connection empties it and outdates requests under way.
 */
export class JobList implements Disposable {
  readonly #connections: Services['connections'];
  readonly #onDidChange = new EventEmitter<readonly string[] | undefined>();
  readonly #details = new Map<string, { digest: string; job: Job }>();
  #jobs: readonly JobSummary[] | undefined;
  #statuses: ReadonlySet<JobStatus>;
  #limit = PAGE;
  #generation = 0;

  /** Ids of the jobs whose rows changed; undefined when rows came, went or moved. */
  readonly onDidChange = this.#onDidChange.event;

  constructor(connections: Services['connections'], statuses: readonly JobStatus[]) {
    this.#connections = connections;
    this.#statuses = new Set(statuses);
  }

  /** The jobs to show; undefined until they were read. */
  get jobs(): readonly JobSummary[] | undefined {
    return this.#matching?.slice(0, this.#limit);
  }

  /** Jobs that go on by themselves, shown or not. */
  get running(): readonly JobSummary[] {
    return this.#jobs?.filter(job => isRunning(job.status)) ?? [];
  }

  /** How many jobs are not shown yet, older than those that are. */
  get older(): number {
    return Math.max((this.#matching?.length ?? 0) - this.#limit, 0);
  }

  get #matching(): readonly JobSummary[] | undefined {
    return this.#statuses.size === 0
      ? this.#jobs
      : this.#jobs?.filter(job => this.#statuses.has(job.status));
  }

  /** Shown statuses; empty for all. */
  get statuses(): readonly JobStatus[] {
    return [...this.#statuses];
  }

  find(jobId: string): JobSummary | undefined {
    return this.#jobs?.find(job => job.jobId === jobId);
  }

  /** Forgets all that was read, at once. */
  clear(): void {
    this.#generation++;
    this.#jobs = undefined;
    this.#limit = PAGE;
    this.#details.clear();
    this.#onDidChange.fire(undefined);
  }

  /** Has the jobs read again by whoever shows them; what is shown stays until then. */
  invalidate(): void {
    this.#generation++;
    this.#jobs = undefined;
    this.#details.clear();
    this.#onDidChange.fire(undefined);
  }

  filter(statuses: readonly JobStatus[]): void {
    this.#statuses = new Set(statuses);
    this.clear();
  }

  loadMore(): void {
    this.#limit += PAGE;
    this.#onDidChange.fire(undefined);
  }

  /**
   * Reads the jobs anew.
   *
   * @throws BrigadeError
   */
  async read(signal?: AbortSignal): Promise<ListOutcome> {
    const generation = this.#generation;
    const { clients } = await this.#connections.session(signal);
    const { listJobs } = await import('../aws/batchJobs/batchJobs.ts');
    const jobs = await listJobs(clients, { statuses: this.#statusesToRead() }, { signal });
    return generation === this.#generation ? this.#replace(jobs) : { changed: false };
  }

  /** The running ones are read in any case: they are followed whether they are shown or not. */
  #statusesToRead(): readonly JobStatus[] | undefined {
    return this.#statuses.size === 0
      ? undefined
      : JOB_STATUSES.filter(status => this.#statuses.has(status) || isRunning(status));
  }

  #replace(jobs: readonly JobSummary[]): ListOutcome {
    const before = this.#jobs;
    this.#jobs = jobs;
    const moved =
      jobs.length !== before?.length || jobs.some((job, at) => job.jobId !== before[at]?.jobId);
    const statusChanged = moved || jobs.some((job, at) => job.status !== before[at]?.status);
    // With a filter, a job that changes its status comes or goes.
    if (moved || (statusChanged && this.#statuses.size > 0)) {
      this.#onDidChange.fire(undefined);
    } else {
      const changed = jobs.filter((job, at) => digest(job) !== digest(before[at]));
      if (changed.length > 0) this.#onDidChange.fire(changed.map(job => job.jobId));
    }
    return { changed: statusChanged };
  }

  /**
   * One job in full; answered from memory while the list shows no change in it.
   *
   * @throws BrigadeError
   */
  async describe(jobId: string, signal?: AbortSignal): Promise<Job> {
    const now = digest(this.find(jobId));
    const known = this.#details.get(jobId);
    if (known !== undefined && known.digest === now && now !== '') return known.job;
    return await this.describeNow(jobId, signal);
  }

  /**
   * One job in full as it is now: the list is read ever more seldom, so a job may have ended since.
   *
   * @throws BrigadeError
   */
  async describeNow(jobId: string, signal?: AbortSignal): Promise<Job> {
    const generation = this.#generation;
    const now = digest(this.find(jobId));
    const job = await describe(await this.#connections.session(signal), jobId, signal);
    if (generation === this.#generation) this.#details.set(jobId, { digest: now, job });
    return job;
  }

  dispose(): void {
    this.#generation++;
    this.#onDidChange.dispose();
  }
}

async function describe({ clients }: Session, jobId: string, signal?: AbortSignal): Promise<Job> {
  const { describeJob } = await import('../aws/batchJobs/batchJobs.ts');
  return await describeJob(clients, { jobId }, { signal });
}

/** Equal as long as nothing that is shown has changed. */
function digest(job: JobSummary | undefined): string {
  if (job === undefined) return '';
  const { status, priority, total, succeeded, failed, terminationDate } = job;
  return [status, priority, total, succeeded, failed, terminationDate?.getTime()].join('|');
}
