import { EventEmitter, type Disposable } from 'vscode';
import type { Job, JobSummary } from '../aws/batchJobs/job.ts';
import { isRunning, JOB_STATUSES, type JobStatus } from '../aws/batchJobs/jobStatus.ts';
import type { JobTarget } from '../commands.ts';
import type { Services, Session } from '../services.ts';
import { jobKey } from './jobKey.ts';
import type { JobRegions } from './jobRegions.ts';
import { mergeJobs, readRegions, type RegionFailure } from './regionalJobs.ts';

/** How many jobs are shown before Load more, and how many it adds. */
const PAGE = 100;

export interface ListOutcome {
  /** A job appeared, went away or changed its status. */
  readonly changed: boolean;
  /** Regions that could not be read; what was known of them stays. */
  readonly failures: readonly RegionFailure[];
}

export interface ReadOptions {
  readonly signal?: AbortSignal;
  /** The connection's own when absent. */
  readonly session?: Session;
  /** All that are in use when absent. */
  readonly regions?: readonly string[];
}

/**
 * The jobs of a connection's account as last read, of all Regions in use, newest first. Knows nothing of
 * how they are shown or how often they are read. What was read for another account is never seen
 * again: `clear` empties it and outdates requests under way.
 */
export class JobList implements Disposable {
  readonly #connections: Services['connections'];
  readonly #jobRegions: Pick<JobRegions, 'of'>;
  readonly #onDidChange = new EventEmitter<readonly JobTarget[] | undefined>();
  readonly #details = new Map<string, { digest: string; job: Job }>();
  #jobs: readonly JobSummary[] | undefined;
  #regions: readonly string[] = [];
  #failures: readonly RegionFailure[] = [];
  #session: Session | undefined;
  #statuses: ReadonlySet<JobStatus>;
  #limit = PAGE;
  #generation = 0;

  /** The jobs whose rows changed; undefined when rows came, went or moved. */
  readonly onDidChange = this.#onDidChange.event;

  constructor(
    connections: Services['connections'],
    statuses: readonly JobStatus[],
    jobRegions: Pick<JobRegions, 'of'>,
  ) {
    this.#connections = connections;
    this.#statuses = new Set(statuses);
    this.#jobRegions = jobRegions;
  }

  /** The jobs to show; undefined until they were read. */
  get jobs(): readonly JobSummary[] | undefined {
    return this.#matching?.slice(0, this.#limit);
  }

  /** The Regions that jobs are listed of. */
  get regions(): readonly string[] {
    return this.#regions;
  }

  /** Those of them that could not be read the last time. */
  get failures(): readonly RegionFailure[] {
    return this.#failures;
  }

  /** Jobs that continue by themselves, shown or not. */
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

  /** A job that was listed, by its id and, where it is given, its Region. */
  find({ jobId, region }: JobTarget): JobSummary | undefined {
    return this.#jobs?.find(
      job => job.jobId === jobId && (region === undefined || job.region === region),
    );
  }

  /** Names a listed job wherever it is passed on to. */
  targetOf({ jobId, region }: JobSummary): JobTarget {
    return { jobId, region, ...(this.#session && { session: this.#session.key }) };
  }

  /** Whose jobs they are; undefined until it is known. */
  get session(): Session | undefined {
    return this.#session;
  }

  /** Forgets all that was read, at once. */
  clear(): void {
    this.#limit = PAGE;
    this.#details.clear();
    this.#failures = [];
    this.#regions = [];
    this.#session = undefined;
    this.invalidate();
  }

  /** Has the jobs read again by whoever shows them; what is shown stays until then. */
  invalidate(): void {
    this.#generation++;
    this.#jobs = undefined;
    for (const [key, { job }] of this.#details) this.#details.set(key, { digest: '', job });
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
   * Reads the jobs again. A Region that can't be read hides none of the others.
   *
   * @throws BrigadeError when none can be read
   */
  async read({ signal, session, regions }: ReadOptions = {}): Promise<ListOutcome> {
    const generation = this.#generation;
    const reading = session ?? (await this.#connections.session(signal));
    if (generation === this.#generation) this.#session = reading;
    const all = await this.#jobRegions.of(reading, signal);
    const asked = regions === undefined ? all : all.filter(region => regions.includes(region));
    const statuses = this.#statusesToRead();
    const answers = await readRegions(reading.clients, asked, statuses, signal);
    if (generation !== this.#generation) return { changed: false, failures: [] };
    this.#regions = all;
    const failures = answers.filter(answer => 'error' in answer);
    const failedBefore = this.#failures;
    this.#failures = [...failedBefore.filter(({ region }) => !asked.includes(region)), ...failures];
    const jobs = mergeJobs(this.#jobs ?? [], answers, all);
    return {
      changed: this.#replace(jobs, namesOf(failedBefore) !== namesOf(this.#failures)),
      failures,
    };
  }

  /**
   * Every job of the Regions in use, whatever is shown; keeps none of it.
   *
   * @throws BrigadeError
   */
  async readAll(session: Session, signal?: AbortSignal): Promise<readonly JobSummary[]> {
    const regions = await this.#jobRegions.of(session, signal);
    const answers = await readRegions(session.clients, regions, undefined, signal);
    return mergeJobs([], answers, regions);
  }

  /** The running ones are read in any case: they are followed whether they are shown or not. */
  #statusesToRead(): readonly JobStatus[] | undefined {
    return this.#statuses.size === 0
      ? undefined
      : JOB_STATUSES.filter(status => this.#statuses.has(status) || isRunning(status));
  }

  #replace(jobs: readonly JobSummary[], rowsChanged: boolean): boolean {
    const before = this.#jobs;
    this.#jobs = jobs;
    const moved =
      rowsChanged ||
      jobs.length !== before?.length ||
      jobs.some((job, at) => job.jobId !== before[at]?.jobId || job.region !== before[at].region);
    const statusChanged = moved || jobs.some((job, at) => job.status !== before[at]?.status);
    // With a filter, a job that changes its status comes or goes.
    if (moved || (statusChanged && this.#statuses.size > 0)) {
      this.#onDidChange.fire(undefined);
    } else {
      const changed = jobs.filter((job, at) => digest(job) !== digest(before[at]));
      if (changed.length > 0) this.#onDidChange.fire(changed.map(job => this.targetOf(job)));
    }
    return statusChanged;
  }

  /** What was last told of a job in full: its counts may be old, what it is made of never is. */
  lastKnown(job: JobTarget): Job | undefined {
    return this.#details.get(jobKey(job))?.job;
  }

  /**
   * One job in full; answered from memory while the list shows no change in it.
   *
   * @throws BrigadeError
   */
  async describe(target: JobTarget, options: ReadOptions = {}): Promise<Job> {
    const listed = this.find(target);
    const known = listed && this.#details.get(jobKey(listed));
    if (known !== undefined && known.digest === digest(listed)) return known.job;
    return await this.describeNow(target, options);
  }

  /**
   * One job in full as it is now: the list is read ever more seldom, so a job may have ended since.
   *
   * @throws BrigadeError
   */
  async describeNow(
    target: JobTarget,
    { signal, session }: Omit<ReadOptions, 'regions'> = {},
  ): Promise<Job> {
    const generation = this.#generation;
    const listed = this.find(target);
    const { clients } = session ?? (await this.#connections.session(signal));
    const { describeJob } = await import('../aws/batchJobs/batchJobs.ts');
    const { jobId, region = listed?.region } = target;
    const address = { jobId, ...(region !== undefined && { region }) };
    const job = await describeJob(clients, address, { signal });
    if (generation === this.#generation) {
      this.#details.set(jobKey(job), { digest: digest(listed), job });
    }
    return job;
  }

  dispose(): void {
    this.#generation++;
    this.#jobs = undefined;
    this.#onDidChange.dispose();
  }
}

function namesOf(failures: readonly RegionFailure[]): string {
  return failures
    .map(({ region }) => region)
    .sort()
    .join();
}

/** Equal as long as nothing that is shown has changed. */
function digest(job: JobSummary | undefined): string {
  if (job === undefined) return '';
  const { status, priority, total, succeeded, failed, terminationDate } = job;
  return [status, priority, total, succeeded, failed, terminationDate?.getTime()].join('|');
}
