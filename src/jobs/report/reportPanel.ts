import { env, l10n, ThemeIcon, Uri, ViewColumn, window, type WebviewPanel } from 'vscode';
import { BrigadeError } from '../../aws/errors.ts';
import { causeOf } from '../../aws/report/failureCause.ts';
import type { RoleDenial } from '../../aws/report/roleDenial.ts';
import { isCancellation } from '../../vscode/cancellation.ts';
import { describeError } from '../../vscode/describeError.ts';
import { DisposableStore } from '../../vscode/disposables.ts';
import { errorForLog } from '../../vscode/errorLog.ts';
import { runAndShow } from '../../vscode/registerCommand.ts';
import { setTabIcon } from '../../vscode/tabIcon.ts';
import { webviewHtml } from '../../vscode/webviewHtml.ts';
import { errorReply, WebviewMessageError } from '../../vscode/webviewMessages.ts';
import { jobName } from '../jobName.ts';
import type { Jobs } from '../jobs.ts';
import { findReportFor, indexFound, type FoundReport, type IndexedReport } from './foundReport.ts';
import { VIEW_TYPE, type FromReport, type ReportState, type ToReport } from './protocol.ts';
import { runReportAction } from './reportActions.ts';
import { partialHead, reportHead } from './reportHead.ts';
import { readReportMessage } from './reportMessages.ts';
import { answer, type OpenViews } from './reportRequests.ts';
import { reportTexts } from './reportTexts.ts';

type Request = Extract<FromReport, { kind: 'request' }>;

/** Groups of whose role IAM is asked: each costs some requests. */
const MAX_ASKED = 8;

/** One report in an editor: its page, and the answers to what it asks. */
export class ReportPanel {
  readonly #jobs: Jobs;
  readonly #panel: WebviewPanel;
  readonly #disposables = new DisposableStore();
  readonly #running = new Map<AbortController, number>();
  readonly #denials = new Map<number, RoleDenial>();
  readonly #views: OpenViews = { folder: undefined, files: new Map() };
  #reading: AbortController | undefined;
  #found: FoundReport | undefined;
  #indexed: IndexedReport | undefined;
  /** What the page shows now: it may be destroyed and start again. */
  #shown: Extract<ToReport, { kind: 'head' | 'trouble' }> | undefined;
  #state: ReportState;
  #isOpen = true;

  constructor(jobs: Jobs, panel: WebviewPanel, state: ReportState, found?: FoundReport) {
    this.#jobs = jobs;
    this.#panel = panel;
    this.#state = state;
    this.#found = found;
    const folder = Uri.joinPath(jobs.context.extensionUri, 'dist', 'webview');
    const { webview } = panel;
    webview.options = { enableScripts: true, localResourceRoots: [folder] };
    this.#disposables.add(
      webview.onDidReceiveMessage((message: unknown) => this.#receive(message)),
    );
    this.#disposables.add(panel.onDidDispose(() => this.#close()));
    this.#title();
    setTabIcon(panel, new ThemeIcon('checklist'), jobs.context.extensionUri);
    webview.html = webviewHtml(webview, {
      ...{ folder, script: 'report.js', style: 'report.css' },
      ...{ title: panel.title, language: env.language },
    });
    void this.#read();
  }

  get state(): ReportState {
    return this.#state;
  }

  onDidDispose(listener: () => void): void {
    this.#panel.onDidDispose(listener);
  }

  reveal(): void {
    this.#panel.reveal();
  }

  #close(): void {
    this.#isOpen = false;
    this.#reading?.abort();
    for (const controller of this.#running.keys()) controller.abort();
    this.#disposables.dispose();
  }

  #title(): void {
    const { job, name } = this.#found ?? { name: '' };
    this.#panel.title =
      this.#found === undefined
        ? l10n.t('Completion Report')
        : l10n.t('Report of {0}', job === undefined ? name : jobName(job));
  }

  /** Finds the report, reads it to its end, and shows it from the first rows on. */
  async #read(): Promise<void> {
    this.#reading?.abort();
    const reading = (this.#reading = new AbortController());
    const { signal } = reading;
    this.#indexed = undefined;
    this.#denials.clear();
    try {
      const found = (this.#found ??= await findReportFor(this.#jobs, this.#state.target, signal));
      this.#title();
      const indexed = await indexFound(this.#jobs, found, {
        signal,
        onRows: (folder, rows) => {
          if (signal.aborted) return;
          this.#views.folder = folder;
          this.#show({ kind: 'head', head: partialHead(found, rows) });
        },
      });
      if (signal.aborted) return;
      this.#indexed = indexed;
      this.#views.folder = indexed.folder;
      this.#showHead();
      await this.#askRole(indexed, signal);
    } catch (error) {
      if (signal.aborted || isCancellation(error)) return;
      this.#jobs.log.error(`report: ${errorForLog(error)}`);
      const actions = [{ id: 'refresh', label: l10n.t('Retry') }];
      this.#show({ kind: 'trouble', text: describeError(error), actions });
    }
  }

  #showHead(): void {
    if (this.#indexed === undefined) return;
    this.#show({
      kind: 'head',
      head: reportHead({ ...this.#indexed, denials: this.#denials }),
    });
  }

  /**
   * The sentences about denials say more once IAM was asked; a caller who may not ask has the
   * others.
   */
  async #askRole({ session, job, summary }: IndexedReport, signal: AbortSignal): Promise<void> {
    const { roleArn } = job ?? {};
    if (roleArn === undefined) return;
    const { roleDenial } = await import('../../aws/report/roleDenial.ts');
    for (const [index, group] of [...summary.groups.entries()].slice(0, MAX_ASKED)) {
      const cause = causeOf(job, group);
      if (cause.kind !== 'denied' || cause.needs.length === 0) continue;
      try {
        this.#denials.set(
          index,
          await roleDenial(session.clients, roleArn, cause.needs, { signal }),
        );
      } catch (error) {
        if (signal.aborted || !(error instanceof BrigadeError)) return;
        this.#jobs.log.warn(`report: ${errorForLog(error)}`);
        return;
      }
      if (signal.aborted) return;
      this.#showHead();
    }
  }

  #receive(received: unknown): void {
    try {
      const message = readReportMessage(received);
      switch (message.kind) {
        case 'ready':
          this.#start();
          break;
        case 'state':
          // Whose report it is stays what it was opened for.
          this.#state = { ...this.#state, query: message.state.query };
          break;
        case 'cancel':
          this.#cancel(message.id);
          break;
        case 'request':
          void this.#answer(message);
      }
    } catch (error) {
      this.#jobs.log.warn(`A message of a report's page was refused: ${errorForLog(error)}`);
      if (!(error instanceof WebviewMessageError) || error.id === undefined) return;
      this.#post({ kind: 'failure', id: error.id, error: errorReply(error) });
    }
  }

  #start(): void {
    this.#post({
      kind: 'start',
      state: this.#state,
      texts: reportTexts(),
      language: env.language,
      waiting: l10n.t('Looking for the completion report'),
    });
    if (this.#shown !== undefined) this.#post(this.#shown);
  }

  async #answer(request: Request): Promise<void> {
    const { id, method, params } = request;
    if (method === 'act') {
      // What fails is shown as of any command.
      await runAndShow(`report ${params.id}`, () => this.#act(params.id));
      this.#post({ kind: 'reply', id, result: null });
      return;
    }
    const controller = new AbortController();
    this.#running.set(controller, id);
    try {
      const { signal } = controller;
      const asked = { jobs: this.#jobs, views: this.#views, found: this.#found, signal };
      this.#post({ kind: 'reply', id, result: await answer(request, asked) });
    } catch (error) {
      if (!isCancellation(error)) this.#jobs.log.error(`${method}: ${errorForLog(error)}`);
      this.#post({ kind: 'failure', id, error: errorReply(error) });
    } finally {
      this.#running.delete(controller);
    }
  }

  async #act(id: string): Promise<void> {
    if (id === 'refresh') {
      this.#found = undefined;
      this.#views.files.clear();
      await this.#read();
    } else if (this.#indexed !== undefined) {
      const changed = await runReportAction(this.#jobs, this.#indexed, id, this.#denials);
      if (!changed || this.#reading === undefined) return;
      this.#denials.clear();
      await this.#askRole(this.#indexed, this.#reading.signal);
    }
  }

  #cancel(id: number): void {
    for (const [controller, running] of this.#running) if (running === id) controller.abort();
  }

  #show(message: Extract<ToReport, { kind: 'head' | 'trouble' }>): void {
    this.#shown = message;
    this.#post(message);
  }

  #post(message: ToReport): void {
    if (this.#isOpen) void this.#panel.webview.postMessage(message);
  }
}

/** Opens an editor with a report. */
export function newReportPanel(jobs: Jobs, state: ReportState, found: FoundReport): ReportPanel {
  const panel = window.createWebviewPanel(VIEW_TYPE, '', ViewColumn.Active, {});
  return new ReportPanel(jobs, panel, state, found);
}
