import type { Disposable } from 'vscode';
import { BrigadeError } from '../aws/errors.ts';
import type { Job } from '../aws/batchJobs/job.ts';
import { isFinal } from '../aws/batchJobs/jobStatus.ts';
import type { Services } from '../services.ts';
import { isCancellation } from '../vscode/cancellation.ts';
import { DisposableStore } from '../vscode/disposables.ts';
import { errorForLog } from '../vscode/errorLog.ts';
import { showError } from '../vscode/showError.ts';
import { announceEnd, showTraces } from './announceEnd.ts';
import { Follower, type PollResult } from './follower.ts';
import type { JobList } from './jobList.ts';
import type { JobsView } from './jobsView.ts';
import type { WatchedJobs } from './watchedJobs.ts';

export interface FollowingParts extends Pick<Services, 'connections' | 'log'> {
  readonly list: JobList;
  readonly view: Pick<JobsView, 'visible' | 'onDidChangeVisibility' | 'showTrouble'>;
  readonly watched: WatchedJobs;
  /** Says what only a person can mend. */
  readonly tell?: (error: BrigadeError, retry: () => void) => void;
  readonly announce?: (job: Job) => void;
}

function tellError(error: BrigadeError, retry: () => void): void {
  void showError(error, { doing: 'following jobs', retry });
}

function announceToPerson(job: Job): void {
  void showTraces(job);
  void announceEnd(job);
}

/**
 * Keeps the list up to date while a job runs and somebody looks, or while a job of this window is
 * to be announced. Trouble is shown in the view; only expired credentials, which need a person, are
 * said in a message, and once.
 */
export class JobFollowing implements Disposable {
  readonly #parts: FollowingParts;
  readonly #follower: Follower;
  readonly #disposables = new DisposableStore();
  #expiryTold = false;

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
  }

  /** Something was done to a job: look soon. */
  nudge(): void {
    this.#follower.nudge();
  }

  #restart(): void {
    this.#follower.stop();
    this.#expiryTold = false;
    this.#parts.view.showTrouble(undefined);
    this.#parts.list.clear();
  }

  #onVisible(visible: boolean): void {
    // Not yet read: the view reads it now by itself.
    if (visible && this.#parts.list.jobs !== undefined) this.#follower.nudge();
  }

  #onList(): void {
    if (this.#parts.list.running.length > 0) this.#follower.start();
  }

  async #poll(signal: AbortSignal): Promise<PollResult> {
    const { connections, list, view, watched } = this.#parts;
    const { changed } = await list.read(signal);
    const session = await connections.session(signal);
    view.showTrouble(undefined);
    this.#expiryTold = false;
    const ended = await watched.takeEnded(session, jobId => this.#endOf(jobId, signal));
    const { announce = announceToPerson } = this.#parts;
    ended.forEach(announce);
    const ours = new Set(watched.of(session));
    const followed = list.running.some(job => view.visible || ours.has(job.jobId));
    return { running: followed, changed };
  }

  async #endOf(jobId: string, signal: AbortSignal): Promise<Job | undefined> {
    const listed = this.#parts.list.find(jobId);
    if (listed !== undefined && !isFinal(listed.status)) return undefined;
    const job = await this.#parts.list.describe(jobId, signal);
    return isFinal(job.status) ? job : undefined;
  }

  #onError(error: unknown, failures: number): void {
    if (isCancellation(error)) return;
    const { log, view } = this.#parts;
    log.warn(`Following jobs failed ${failures} times in a row: ${errorForLog(error)}`);
    view.showTrouble(error);
    if (!(error instanceof BrigadeError) || error.code !== 'CredentialsExpired') return;
    if (this.#expiryTold) return;
    this.#expiryTold = true;
    const { tell = tellError } = this.#parts;
    tell(error, () => this.#follower.nudge());
  }

  dispose(): void {
    this.#follower.stop();
    this.#disposables.dispose();
  }
}
