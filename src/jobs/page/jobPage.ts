import { l10n, ThemeIcon } from 'vscode';
import type { Job } from '../../aws/batchJobs/job.ts';
import { isRunning } from '../../aws/batchJobs/jobStatus.ts';
import type { JobTarget } from '../../commands.ts';
import type { Session } from '../../services.ts';
import { isCancellation } from '../../vscode/cancellation.ts';
import { DisposableStore } from '../../vscode/disposables.ts';
import { errorForLog } from '../../vscode/errorLog.ts';
import { openPage, type OpenPage } from '../../vscode/page.ts';
import { runCommand } from '../../vscode/runCommand.ts';
import { Follower, type PollResult } from '../following/follower.ts';
import { describeExistingJob } from '../describeExistingJob.ts';
import { inJobsView } from '../inJobsView.ts';
import { jobKey } from '../jobKey.ts';
import { jobName, shortened } from '../jobName.ts';
import type { Jobs } from '../jobs.ts';
import { resolveJob, resolveJobOrAsk } from '../jobTargets.ts';
import { readJobLineage, type JobLineage } from './jobLineage.ts';
import { jobPageModel, type SeenState } from './jobPageModel.ts';
import { RateWatch } from './taskRate.ts';

const open = new Map<string, JobPage>();

/** Opens the page of a job, or brings it to the front. */
export async function openJobPage(jobs: Jobs, target: JobTarget | undefined): Promise<void> {
  const { session, job: chosen } = await resolveJobOrAsk(jobs, target, {
    title: l10n.t('Open Job Page'),
    placeholder: l10n.t('Select a job'),
    none: l10n.t('There are no batch jobs in this account.'),
    fits: () => true,
  });
  const key = `job ${session.key} ${jobKey(chosen)}`;
  const same = open.get(key);
  if (same !== undefined) {
    same.reveal();
    return;
  }
  const job = await inJobsView(l10n.t('Open Job Page'), signal =>
    describeExistingJob(jobs, chosen, { session, signal }),
  );
  const page = new JobPage(jobs, session, job, key);
  open.set(key, page);
  page.onDidDispose(() => open.delete(key));
}

/** Commands that are about the job, by the ids of their buttons and links. */
const COMMANDS = {
  run: 'bucketBrigade.jobs.run',
  cancel: 'bucketBrigade.jobs.cancel',
  openReport: 'bucketBrigade.jobs.openReport',
  retryFailed: 'bucketBrigade.jobs.retryFailed',
  undo: 'bucketBrigade.jobs.undo',
  clone: 'bucketBrigade.jobs.clone',
  copyCliCommand: 'bucketBrigade.jobs.copyCliCommand',
  revealManifest: 'bucketBrigade.jobs.revealManifest',
  copyJobId: 'bucketBrigade.jobs.copyJobId',
} as const;

/** One job in an editor, kept up to date while it runs and is seen. */
class JobPage {
  readonly #jobs: Jobs;
  readonly #session: Session;
  readonly #page: OpenPage;
  readonly #disposables = new DisposableStore();
  readonly #follower: Follower;
  readonly #rate = new RateWatch();
  #seen: readonly SeenState[] = [];
  #lineage: JobLineage | undefined;
  #job: Job;

  constructor(jobs: Jobs, session: Session, job: Job, key: string) {
    this.#jobs = jobs;
    this.#session = session;
    this.#job = job;
    this.#see(job);
    this.#page = openPage(jobs.context, {
      key,
      title: shortened(jobName(job), 60),
      icon: new ThemeIcon('pulse'),
      model: this.#model(),
      onAction: id => this.#act(id),
    });
    this.#follower = new Follower({
      poll: signal => this.#poll(signal),
      onError: error => {
        if (!isCancellation(error)) jobs.log.warn(`job page: ${errorForLog(error)}`);
      },
    });
    this.#disposables.add({ dispose: () => this.#follower.stop() });
    const list = jobs.lists.of({ session: session.key });
    this.#disposables.add(this.#page.onDidChangeVisibility(() => this.#onVisibility()));
    this.#disposables.add(list.onDidChange(changed => this.#onList(changed)));
    this.#page.onDidDispose(() => {
      this.#disposables.dispose();
    });
    this.#follower.nudge();
  }

  onDidDispose(listener: () => void): void {
    this.#page.onDidDispose(listener);
  }

  reveal(): void {
    this.#page.reveal();
    this.#follower.nudge();
  }

  #onVisibility(): void {
    if (this.#page.isVisible) this.#follower.nudge();
    else this.#follower.stop();
  }

  /** The view has seen it change, or jobs came and went: a retry of it perhaps. */
  #onList(changed: readonly JobTarget[] | undefined): void {
    const isAbout = changed?.some(job => jobKey(job) === jobKey(this.#job)) ?? true;
    if (isAbout && this.#page.isVisible) this.#follower.start();
  }

  async #poll(signal: AbortSignal): Promise<PollResult> {
    const { status } = this.#job;
    // Another connection may be in use by now: what is shown stays as it was.
    await resolveJob(this.#jobs, this.#target, signal);
    this.#job = await describeExistingJob(this.#jobs, this.#job, {
      session: this.#session,
      signal,
    });
    this.#lineage = await readJobLineage(this.#session, this.#job, signal);
    this.#see(this.#job);
    this.#page.update(this.#model());
    const retrying = this.#lineage?.retryJob;
    const isGoingOn = isRunning(this.#job.status) || isRunning(retrying?.status ?? 'Complete');
    return { running: isGoingOn && this.#page.isVisible, changed: status !== this.#job.status };
  }

  #see(job: Job): void {
    this.#rate.see(job);
    if (this.#seen.at(-1)?.status === job.status) return;
    this.#seen = [...this.#seen, { status: job.status, at: new Date() }];
  }

  #model() {
    return jobPageModel({
      job: this.#job,
      session: this.#session,
      rate: this.#rate.rate(this.#job),
      lineage: this.#lineage,
      seen: this.#seen,
    });
  }

  get #target(): JobTarget {
    const { jobId, region } = this.#job;
    return { jobId, region, session: this.#session.key };
  }

  async #act(id: string): Promise<void> {
    if (id in COMMANDS) await runCommand(COMMANDS[id as keyof typeof COMMANDS], this.#target);
    const { parent, retry } = this.#lineage ?? {};
    const other = id === 'parent' ? parent : id === 'retry' ? retry : undefined;
    if (other !== undefined) {
      await runCommand('bucketBrigade.jobs.openPage', { ...this.#target, jobId: other });
    }
    this.#follower.nudge();
  }
}
