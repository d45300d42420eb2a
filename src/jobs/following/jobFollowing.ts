import type { Disposable } from 'vscode';
import { BrigadeError } from '../../aws/errors.ts';
import type { Job } from '../../aws/batchJobs/job.ts';
import { isFinal } from '../../aws/batchJobs/jobStatus.ts';
import type { Connections, Services, Session } from '../../services.ts';
import { isCancellation } from '../../vscode/cancellation.ts';
import { DisposableStore } from '../../vscode/disposables.ts';
import { errorForLog } from '../../vscode/errorLog.ts';
import { Follower, type PollResult } from './follower.ts';
import { jobKey } from '../jobKey.ts';
import type { JobList, ListOutcome } from '../jobList.ts';
import type { JobsView } from '../view/jobsView.ts';
import type { UnreportedEnd, WatchedJob, WatchedJobs } from './watchedJobs.ts';

export interface FollowingParts extends Pick<Services, 'log'> {
  /** There is the one alone whose jobs are listed. */
  readonly connections: Connections;
  readonly list: JobList;
  readonly view: Pick<JobsView, 'visible' | 'onDidChangeVisibility'>;
  readonly watched: WatchedJobs;
  /** Shows what keeps the list from being up to date; undefined when it is. */
  readonly showTrouble: (error: unknown) => void;
  /** Shows an error that only the user can fix. */
  readonly onError?: (error: BrigadeError, retry: () => void) => unknown;
  readonly announce?: (job: Job, session: Session) => unknown;
}

async function showFollowingError(error: BrigadeError, retry: () => void): Promise<void> {
  const { showError } = await import('../../vscode/showError.ts');
  void showError(error, { doing: 'following jobs', retry });
}

async function showEndToPerson(job: Job, session: Session): Promise<void> {
  const { showEnd: announceEnd, refreshAffected } = await import('../showEnd.ts');
  void refreshAffected(job, session);
  void announceEnd(job, session);
}

/**
 * Keeps a list up to date while a job runs and somebody looks, or while a job of this window is
 * to be announced. Trouble is shown in the view; only expired credentials, which need a person, are
 * said in a message, and once.
 */
export class JobFollowing implements Disposable {
  readonly #parts: FollowingParts;
  readonly #follower: Follower;
  readonly #disposables = new DisposableStore();
  #expiryTold = false;
  /** Jobs that could not be asked about, as the log has them already. */
  readonly #logged = new Set<string>();

  constructor(parts: FollowingParts) {
    this.#parts = parts;
    this.#follower = new Follower({
      poll: signal => this.#poll(signal),
      onError: (error, failures) => this.#onError(error, failures),
    });
    const { connections, list, view } = parts;
    this.#disposables.add(connections.onDidChange(() => this.#restart()));
    this.#disposables.add(view.onDidChangeVisibility(({ visible }) => this.#onVisible(visible)));
    this.#disposables.add(list.onDidChange(() => this.#onList()));
    this.#onList();
  }

  /** Something was done to a job: look soon. */
  nudge(): void {
    this.#follower.nudge();
  }

  #restart(): void {
    this.#follower.stop();
    this.#expiryTold = false;
    this.#parts.showTrouble(undefined);
  }

  #onVisible(visible: boolean): void {
    // Not yet read: the view reads it now by itself.
    if (visible && this.#parts.list.jobs !== undefined) this.#follower.nudge();
  }

  #onList(): void {
    const { list, watched } = this.#parts;
    const { session } = list;
    // A job may have ended while no window was open.
    const ours = session === undefined ? [] : watched.of(session);
    const ended = ours.some(job => isFinal(list.find(job)?.status ?? ''));
    if (list.running.length > 0 || ended) this.#follower.start();
  }

  async #poll(signal: AbortSignal): Promise<PollResult> {
    const { connections, list, view, watched, announce = showEndToPerson } = this.#parts;
    // One session for all of it: a switch in between would ask one account about another's jobs.
    const session = await connections.session(signal);
    const { changed, failures } = await this.#read(session, signal);
    const untold = await watched.takeEnded(
      session,
      job => this.#endOf(job, { session, signal }),
      job => void announce(job, session),
    );
    this.#log(untold);
    const trouble = [...failures, ...untold].find(({ error }) => !isDenied(error));
    if (trouble !== undefined) throw trouble.error;
    this.#parts.showTrouble(undefined);
    this.#expiryTold = false;
    const unlisted = new Set(failures.map(({ region }) => region));
    const ours = watched.of(session).filter(job => !untold.some(one => one.job === job));
    const keys = new Set(ours.map(jobKey));
    const followed = list.running.some(job => view.visible || keys.has(jobKey(job)));
    return { running: followed || ours.some(({ region }) => unlisted.has(region)), changed };
  }

  /** Only while something runs; jobs may be watched that may not be listed. */
  async #read(session: Session, signal: AbortSignal): Promise<ListOutcome> {
    const { list, watched } = this.#parts;
    const busy = [...list.running, ...watched.of(session)].map(({ region }) => region);
    const regions = [...new Set([session.clients.region, ...busy])];
    try {
      return await list.read({ signal, session, regions });
    } catch (error) {
      if (!isDenied(error)) throw error;
      return { changed: false, failures: regions.map(region => ({ region, error })) };
    }
  }

  async #endOf(job: WatchedJob, options: { session: Session; signal: AbortSignal }) {
    const listed = this.#parts.list.find(job);
    if (listed !== undefined && !isFinal(listed.status)) return undefined;
    const now = await this.#parts.list.describe(job, options);
    return isFinal(now.status) ? now : undefined;
  }

  /** A job that may not be described is passed over; why is said once. */
  #log(untold: readonly UnreportedEnd[]): void {
    for (const { job, error } of untold) {
      const line = `Following job ${jobKey(job)} failed: ${errorForLog(error)}`;
      if (this.#logged.has(jobKey(job))) continue;
      this.#logged.add(jobKey(job));
      this.#parts.log.warn(line);
    }
  }

  #onError(error: unknown, failures: number): void {
    if (isCancellation(error)) return;
    const { log, showTrouble } = this.#parts;
    log.warn(`Following jobs failed ${failures} times in a row: ${errorForLog(error)}`);
    showTrouble(error);
    if (!(error instanceof BrigadeError) || error.code !== 'CredentialsExpired') return;
    if (this.#expiryTold) return;
    this.#expiryTold = true;
    const { onError = showFollowingError } = this.#parts;
    onError(error, () => this.#follower.nudge());
  }

  /** Looks soon, unless it is about to. */
  start(): void {
    this.#follower.start();
  }

  dispose(): void {
    this.#follower.stop();
    this.#disposables.dispose();
  }
}

function isDenied(error: unknown): boolean {
  return error instanceof BrigadeError && error.code === 'AccessDenied';
}
