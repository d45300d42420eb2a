import { l10n } from 'vscode';
import { isGenerator } from '../../aws/manifest/jobManifest.ts';
import { regionOfJob } from '../../aws/batchJobs/jobRegion.ts';
import type { JobRequest } from '../../aws/preflight/jobParts.ts';
import { cancelled } from '../../vscode/cancellation.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { BackPressed, type PromptPosition } from '../../vscode/prompts.ts';
import { answer } from './answerQuestion.ts';
import { askSummary } from './askSummary.ts';
import { checkedRole } from './askRole.ts';
import type { CheckChoice } from './checkDraft.ts';
import {
  QUESTIONS,
  completed,
  describeDraft,
  jobInput,
  nextQuestion,
  type PromptContext,
  type CompleteDraft,
  type Draft,
  type JobFlow,
  type Question,
} from './draft.ts';
import { likelyReport, likelyRole } from './lastAnswers.ts';

export interface Agreement {
  readonly draft: CompleteDraft;
  readonly next: 'create' | 'run';
}

/**
 * Asks what is missing and shows the summary, where each answer can be changed, until it is agreed to.
 * Back leads from each question to the one before it, answered or given.
 */
export class JobWizard {
  readonly #flow: JobFlow;
  readonly #asking: PromptContext;
  /** Asked by now, for Back. */
  readonly #asked: Question[] = [];
  /** Answers that nobody gave: they are found again when what they rest on changes. */
  readonly #likely = new Set<'report' | 'roleArn'>();
  /** What the role was checked for. */
  #checked: string | undefined;

  constructor(flow: JobFlow, asking: PromptContext) {
    this.#flow = flow;
    this.#asking = asking;
  }

  /** @throws BrigadeError `Cancelled` */
  async run(): Promise<Agreement> {
    const { draft } = this.#asking;
    let again: Question | undefined;
    for (;;) {
      if (again === undefined) await this.#fillIn();
      const question = again ?? nextQuestion(draft);
      again = undefined;
      if (question !== undefined) {
        if (!(await this.#ask(question))) again = this.#before(question);
        continue;
      }
      if (!(await this.#roleHolds())) continue;
      const choice = await this.#chosen();
      if (choice === 'back') again = this.#asked.pop();
      else if (choice === 'create' || choice === 'run') return this.#agreed(choice);
      else if (choice === 'json') await this.#editAsJson();
      else if (choice === 'summary') continue;
      else await this.#ask(choice);
    }
  }

  /** What the summary leads to, by way of the page of checks where that is wanted or needed. */
  async #chosen(): Promise<CheckChoice | 'back'> {
    const choice = await this.#summary();
    if (choice === 'check') return await this.#check();
    if (choice !== 'create' && choice !== 'run') return choice;
    const { confirmChecked } = await import('./checkDraft.ts');
    const { check, session } = this.#asking;
    const request = await this.#request(this.#agreed(choice).draft);
    const next = await confirmChecked(check, session, request);
    return next === 'check' ? await this.#check() : choice;
  }

  async #check(): Promise<CheckChoice> {
    const { checkDraft } = await import('./checkDraft.ts');
    const { check, session, draft } = this.#asking;
    const request = () => this.#request(this.#agreed('create').draft);
    return await checkDraft(check, { session, draft, name: this.#name(), request });
  }

  #agreed(next: 'create' | 'run'): Agreement {
    return { draft: { ...this.#complete(), description: this.#name() }, next };
  }

  #complete(): CompleteDraft {
    const complete = completed(this.#asking.draft);
    if (complete === undefined) throw new Error('A question was left out');
    return complete;
  }

  #name(): string {
    const { draft } = this.#asking;
    return draft.description ?? this.#flow.describe?.(draft) ?? describeDraft(draft);
  }

  /** @returns false when Back was pressed */
  async #ask(question: Question): Promise<boolean> {
    const { draft } = this.#asking;
    const before = draft[question];
    try {
      await answer(this.#flow, question, this.#position(question), this.#asking);
    } catch (error) {
      if (error instanceof BackPressed) return false;
      throw error;
    }
    this.#asked.push(question);
    if (question === 'report' || question === 'roleArn') this.#likely.delete(question);
    if (question === 'roleArn') this.#checked = this.#needs();
    if (question === 'manifest' && before !== draft.manifest) this.#forgetLikely();
    return true;
  }

  #forgetLikely(): void {
    const { draft } = this.#asking;
    if (this.#likely.has('report')) delete draft.report;
    if (this.#likely.has('roleArn')) delete draft.roleArn;
    this.#likely.clear();
  }

  /** From a question to the one that was asked before it, else to what it follows. */
  #before(question: Question): Question | undefined {
    const asked = this.#asked.pop();
    if (asked !== undefined) return asked;
    const at = QUESTIONS.findIndex(one => one === question);
    return at > 0 && nextQuestion(this.#asking.draft) !== undefined ? QUESTIONS[at - 1] : undefined;
  }

  #position(question: Question | 'summary'): PromptPosition {
    // Without steps: how many questions there are depends on what can be filled in.
    return {
      title: this.#flow.title,
      canGoBack: question !== 'manifest' || nextQuestion(this.#asking.draft) === undefined,
      // ARNs, URIs and tags are copied from elsewhere.
      keepOpen: true,
    };
  }

  /** Answers that are clear enough to be shown in the summary instead of being asked. */
  async #fillIn(): Promise<void> {
    const { session, draft } = this.#asking;
    if (draft.manifest === undefined || draft.operation === undefined) return;
    if (draft.report !== undefined && draft.roleArn !== undefined) return;
    const title = l10n.t('Looking for a suitable role');
    await withCancellableProgress({ title }, async signal => {
      if (draft.report === undefined) {
        const report = await likelyReport(this.#asking, session, draft, signal);
        if (report !== undefined) draft.report = report;
        if (report !== undefined) this.#likely.add('report');
      }
      // What it has to be allowed depends on the report.
      if (draft.report === undefined || draft.roleArn !== undefined) return;
      if (this.#asked.includes('roleArn')) return;
      const roleArn = await likelyRole(this.#asking, session, draft, signal);
      if (roleArn === undefined) return;
      draft.roleArn = roleArn;
      this.#likely.add('roleArn');
      this.#checked = this.#needs();
    });
  }

  /** Whether the role does for what has changed since it was checked; else another is asked for. */
  async #roleHolds(): Promise<boolean> {
    const { session, draft } = this.#asking;
    if (draft.roleArn === undefined || this.#checked === this.#needs()) return true;
    const position = { ...this.#position('roleArn'), canGoBack: false };
    const kept = await checkedRole(position, session, draft.roleArn, draft);
    this.#checked = this.#needs();
    if (kept === undefined) delete draft.roleArn;
    return kept !== undefined;
  }

  #needs(): string {
    const { manifest, operation, report, roleArn }: Draft = this.#asking.draft;
    const place =
      manifest && (isGenerator(manifest) ? manifest : { at: [manifest.bucket, manifest.key] });
    return JSON.stringify([place, operation, report, roleArn]);
  }

  /**
   * Ends the questions: what was answered continues as a document.
   * @throws BrigadeError `Cancelled`
   */
  async #editAsJson(): Promise<never> {
    const { openRequest } = await import('../request/requestDocument.ts');
    const { draft } = this.#agreed('create');
    const { session } = this.#asking;
    await openRequest(draft.operation.name, await this.#request(draft), session);
    throw cancelled();
  }

  /** What CreateJob would be asked for, without what differs from one request to the next. */
  async #request(draft: CompleteDraft): Promise<JobRequest> {
    const { jobRequest } = await import('../../aws/batchJobs/request/jobRequest.ts');
    const { clients } = this.#asking.session;
    const input = { ...jobInput(draft), clientRequestToken: '' };
    const request: Partial<ReturnType<typeof jobRequest>> = jobRequest(clients, input);
    delete request.AccountId;
    delete request.ClientRequestToken;
    return request as JobRequest;
  }

  async #summary() {
    const { session, draft, documents } = this.#asking;
    const { clients } = session;
    const complete = this.#complete();
    const region = await regionOfJob(clients, complete);
    const asked = this.#asked.length > 0;
    try {
      return await askSummary(
        { ...this.#position('summary'), canGoBack: asked },
        {
          documents,
          draft: complete,
          name: this.#name(),
          copyCommand: async () => {
            const { copyCommand } = await import('../request/copyCliCommand.ts');
            await copyCommand(session, await this.#request(this.#agreed('create').draft), region);
          },
          ...(region !== clients.region && { region }),
        },
      );
    } catch (error) {
      if (error instanceof BackPressed) return 'back';
      throw error;
    } finally {
      draft.priority ??= complete.priority;
    }
  }
}
