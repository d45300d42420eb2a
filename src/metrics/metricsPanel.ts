import { env, l10n, ThemeIcon, Uri, ViewColumn, window, type WebviewPanel } from 'vscode';
import type { Services, Session } from '../services.ts';
import { accountText } from '../vscode/accountText.ts';
import { isCancellation } from '../vscode/cancellation.ts';
import { DisposableStore } from '../vscode/disposables.ts';
import { errorForLog } from '../vscode/errorLog.ts';
import { log } from '../vscode/log.ts';
import { servicesFor } from '../vscode/sessionOwner.ts';
import { settledBefore } from '../vscode/settledBefore.ts';
import { setTabIcon } from '../vscode/tabIcon.ts';
import { webviewHtml } from '../vscode/webviewHtml.ts';
import { errorReply, WebviewMessageError } from '../vscode/webviewMessages.ts';
import { AnnotationsReader } from './annotations.ts';
import { MetricsReader } from './metricsReader.ts';
import { readMessage } from './panelMessages.ts';
import { answer, hasConsole, type RequestContext } from './panelRequests.ts';
import { panelTexts } from './panelTexts.ts';
import { ShownFigures } from './shownFigures.ts';
import {
  VIEW_TYPE,
  type FromPanel,
  type PanelState,
  type ShownFigure,
  type ToPanel,
} from './protocol.ts';

export type PanelServices = Pick<Services, 'context' | 'connections'>;

type Request = Extract<FromPanel, { kind: 'request' }>;

/** Milliseconds: a session that is open is there at once. */
const START_WITHOUT_SESSION = 300;

/** One panel: its page, what it shows, and the answers to what it asks. */
export class MetricsPanel {
  readonly #services: PanelServices;
  readonly #panel: WebviewPanel;
  readonly #running = new Map<AbortController, number>();
  readonly #disposables = new DisposableStore();
  readonly #figures = new ShownFigures(() => shownFunctions(this.#state));
  #reader = new MetricsReader();
  #annotations = new AnnotationsReader();
  /** Counts the pages that there have been, and the beginnings of each. */
  #page = 0;
  #isOpen = true;
  #state: PanelState;

  constructor(services: PanelServices, panel: WebviewPanel, state: PanelState) {
    this.#services = servicesFor(services, state);
    this.#panel = panel;
    this.#state = state;
    const { webview } = panel;
    webview.options = { enableScripts: true, localResourceRoots: [folderOf(services)] };
    this.#disposables.add(
      webview.onDidReceiveMessage((message: unknown) => this.#receive(message)),
    );
    this.#disposables.add(
      panel.onDidDispose(() => {
        this.#isOpen = false;
        this.#disposables.dispose();
      }),
    );
    this.#disposables.add({ dispose: () => this.#hide() });
    this.#disposables.add({ dispose: () => this.#annotations.dispose() });
    this.#disposables.add(
      panel.onDidChangeViewState(() => {
        if (!panel.visible) this.#hide();
      }),
    );
    const { connections } = this.#services;
    this.#disposables.add(connections.onDidChange(() => void this.#startAnew()));
    this.#title();
    webview.html = webviewHtml(webview, {
      folder: folderOf(services),
      script: 'metrics.js',
      style: 'metrics.css',
      title: panel.title,
      language: env.language,
    });
  }

  get state(): PanelState {
    return this.#state;
  }

  onDidDispose(listener: () => void): void {
    this.#panel.onDidDispose(listener);
  }

  /** Brings it to the front and reads what is new; a page that begins does so by itself. */
  reveal(): void {
    const { visible } = this.#panel;
    this.#panel.reveal();
    if (visible) void this.#post({ kind: 'refresh' });
  }

  /** The figures that a person reads, once they are there; none when nothing can be shown. */
  shown(): Promise<readonly ShownFigure[]> {
    return this.#figures.wait();
  }

  #receive(received: unknown): void {
    try {
      const message = readMessage(received);
      switch (message.kind) {
        case 'ready':
          this.#endPage();
          void this.#start();
          break;
        case 'state':
          // Whose functions they are is not for the page to say.
          this.#state = { ...message.state, ...sessionIn(this.#state) };
          this.#title();
          this.#figures.check();
          break;
        case 'shown':
          this.#figures.show(message.functionName, message.reading, message.figures);
          break;
        case 'cancel':
          this.#cancel(message.id);
          break;
        case 'request':
          void this.#answer(message);
      }
    } catch (error) {
      log.warn(`A message of the metrics panel was refused: ${errorForLog(error)}`);
      if (!(error instanceof WebviewMessageError) || error.id === undefined) return;
      void this.#post({ kind: 'failure', id: error.id, error: errorReply(error) });
    }
  }

  async #startAnew(): Promise<void> {
    this.#endPage();
    // What was read is of another account.
    this.#reader = new MetricsReader();
    this.#annotations.dispose();
    this.#annotations = new AnnotationsReader();
    await this.#start();
  }

  /** The page doesn't wait for a connection that takes its time: each answer to it does. */
  async #start(): Promise<void> {
    const opening = this.#services.connections.session().catch(() => undefined);
    const session = (await settledBefore(opening, START_WITHOUT_SESSION))
      ? await opening
      : undefined;
    await this.#post({
      kind: 'start',
      state: this.#state,
      console: session !== undefined && (await hasConsole(session, this.#state)),
      texts: panelTexts(),
      account: this.#account(session),
      language: env.language,
    });
  }

  #account(session: Session | undefined): string {
    const { current } = this.#services.connections;
    return [current?.label, session && accountText(session.identity)]
      .filter(part => part !== undefined)
      .join(' · ');
  }

  async #answer(request: Request): Promise<void> {
    const { id, method } = request;
    const page = this.#page;
    const controller = new AbortController();
    this.#running.set(controller, id);
    const reading = method === 'readMetrics' ? this.#figures.nextReading() : 0;
    const reply = async (message: ToPanel): Promise<void> => {
      // A page that came later restarts its request count, and one that starts again has no use for it.
      if (page === this.#page) await this.#post(message);
    };
    try {
      const result = await answer(request, this.#asked(controller.signal, reading));
      await reply({ kind: 'reply', id, result });
    } catch (error) {
      if (!isCancellation(error)) log.error(`${method}: ${errorForLog(error)}`);
      await reply({ kind: 'failure', id, error: errorReply(error) });
      if (method === 'readMetrics' && !isCancellation(error)) {
        this.#figures.show(request.params.functionName, reading, []);
      }
    } finally {
      this.#running.delete(controller);
    }
  }

  #asked(signal: AbortSignal, reading: number): RequestContext {
    return {
      session: () => this.#services.connections.session(signal),
      accountOf: session => this.#account(session),
      reader: this.#reader,
      annotations: this.#annotations,
      reading,
      // Who asks for the panel gets what is there now.
      fresh: this.#figures.isAwaited,
      signal,
    };
  }

  async #post(message: ToPanel): Promise<void> {
    if (this.#isOpen) await this.#panel.webview.postMessage(message);
  }

  /** Behind another tab a page is gone, as if it were closed: nobody sees what it would show. */
  #hide(): void {
    this.#endPage();
    this.#figures.giveUp();
  }

  #endPage(): void {
    this.#page++;
    for (const controller of this.#running.keys()) controller.abort();
  }

  #cancel(id: number): void {
    for (const [controller, running] of this.#running) if (running === id) controller.abort();
  }

  #title(): void {
    this.#panel.title = l10n.t('Metrics: {0}', this.#state.functions.join(', '));
  }
}

function folderOf({ context }: PanelServices): Uri {
  return Uri.joinPath(context.extensionUri, 'dist', 'webview');
}

function sessionIn({ session }: PanelState): Pick<PanelState, 'session'> {
  return session === undefined ? {} : { session };
}

function shownFunctions({ functions, selected }: PanelState): readonly string[] {
  return selected === undefined ? functions : [selected];
}

/** Opens an empty editor for a panel. */
export function newPanel(services: PanelServices, state: PanelState): MetricsPanel {
  const panel = window.createWebviewPanel(VIEW_TYPE, '', ViewColumn.Active, {});
  setTabIcon(panel, new ThemeIcon('graph'), services.context.extensionUri);
  return new MetricsPanel(services, panel, state);
}

/** What a new panel begins with. @param last seconds that are shown; as the points need when absent */
export function stateFor(functions: readonly string[], region: string, last?: number): PanelState {
  return {
    functions,
    region,
    range: last === undefined ? { last: 3 * 3600, fit: true } : { last },
    period: 0,
    refreshEvery: 60,
    timeZone: 'local',
    view: 'charts',
  };
}
