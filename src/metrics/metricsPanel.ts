import { env, l10n, Uri, ViewColumn, window, type WebviewPanel } from 'vscode';
import { BrigadeError } from '../aws/errors.ts';
import type { Services, Session } from '../services.ts';
import { isCancellation } from '../vscode/cancellation.ts';
import { describeError } from '../vscode/describeError.ts';
import { DisposableStore } from '../vscode/disposables.ts';
import { errorForLog } from '../vscode/errorLog.ts';
import { log } from '../vscode/log.ts';
import { webviewHtml } from '../vscode/webviewHtml.ts';
import { MetricsReader } from './metricsReader.ts';
import { readMessage } from './panelMessages.ts';
import { answer } from './panelRequests.ts';
import { panelTexts } from './panelTexts.ts';
import {
  VIEW_TYPE,
  type FromPanel,
  type PanelState,
  type ShownFigure,
  type ToPanel,
} from './protocol.ts';

export type PanelServices = Pick<Services, 'context' | 'connections' | 'documents'>;

type Request = Extract<FromPanel, { kind: 'request' }>;

/** One panel: its page, what it shows, and the answers to what it asks. */
export class MetricsPanel {
  readonly #services: PanelServices;
  readonly #panel: WebviewPanel;
  readonly #reader = new MetricsReader();
  readonly #running = new Map<number, AbortController>();
  readonly #disposables = new DisposableStore();
  #waiting: ((figures: readonly ShownFigure[]) => void)[] = [];
  #state: PanelState;

  constructor(services: PanelServices, panel: WebviewPanel, state: PanelState) {
    this.#services = services;
    this.#panel = panel;
    this.#state = state;
    const { webview } = panel;
    webview.options = { enableScripts: true, localResourceRoots: [folderOf(services)] };
    this.#disposables.add(
      webview.onDidReceiveMessage((message: unknown) => this.#receive(message)),
    );
    this.#disposables.add(
      panel.onDidDispose(() => {
        this.#disposables.dispose();
      }),
    );
    this.#disposables.add({ dispose: () => this.#cancelAll() });
    this.#disposables.add({ dispose: () => this.#tell([]) });
    this.#disposables.add(services.connections.onDidChange(() => void this.#startAnew()));
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

  /** Brings it to the front and reads what is new. */
  reveal(): void {
    this.#panel.reveal();
    void this.#post({ kind: 'refresh' });
  }

  /** The figures that a person reads, once they are there; none when nothing can be shown. */
  shown(): Promise<readonly ShownFigure[]> {
    return new Promise(resolve => this.#waiting.push(resolve));
  }

  #tell(figures: readonly ShownFigure[]): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve(figures);
  }

  #receive(received: unknown): void {
    try {
      const message = readMessage(received);
      switch (message.kind) {
        case 'ready':
          void this.#start();
          break;
        case 'state':
          this.#state = message.state;
          this.#title();
          break;
        case 'shown':
          this.#tell(message.figures);
          break;
        case 'cancel':
          this.#running.get(message.id)?.abort();
          break;
        case 'request':
          void this.#answer(message);
      }
    } catch (error) {
      log.warn(`A message of the metrics panel was refused: ${errorForLog(error)}`);
    }
  }

  async #startAnew(): Promise<void> {
    this.#cancelAll();
    this.#reader.clear();
    await this.#start();
  }

  async #start(): Promise<void> {
    const session = await this.#session().catch(() => undefined);
    await this.#post({
      kind: 'start',
      state: this.#state,
      console: session !== undefined && session.connection.endpoint === undefined,
      texts: panelTexts(),
      account: session ? `${session.connection.label} · ${session.identity.accountId}` : '',
      language: env.language,
    });
  }

  async #answer(request: Request): Promise<void> {
    const { id } = request;
    const controller = new AbortController();
    this.#running.set(id, controller);
    try {
      const session = await this.#session(controller.signal);
      const { documents } = this.#services;
      const asked = { session, reader: this.#reader, documents, signal: controller.signal };
      await this.#post({ kind: 'reply', id, result: await answer(request, asked) });
    } catch (error) {
      if (!isCancellation(error)) log.error(`${request.method}: ${errorForLog(error)}`);
      const code = error instanceof BrigadeError ? error.code : 'Unknown';
      await this.#post({ kind: 'failure', id, error: { code, message: describeError(error) } });
      if (request.method === 'readMetrics' && !isCancellation(error)) this.#tell([]);
    } finally {
      this.#running.delete(id);
    }
  }

  #session(signal?: AbortSignal): Promise<Session> {
    return this.#services.connections.session(signal);
  }

  async #post(message: ToPanel): Promise<void> {
    await this.#panel.webview.postMessage(message);
  }

  #cancelAll(): void {
    for (const controller of this.#running.values()) controller.abort();
  }

  #title(): void {
    this.#panel.title = l10n.t('Metrics: {0}', this.#state.functions.join(', '));
  }
}

function folderOf({ context }: PanelServices): Uri {
  return Uri.joinPath(context.extensionUri, 'dist', 'webview');
}

/** Opens an empty editor for a panel. */
export function newPanel(services: PanelServices, state: PanelState): MetricsPanel {
  const panel = window.createWebviewPanel(VIEW_TYPE, '', ViewColumn.Active, {});
  panel.iconPath = Uri.joinPath(services.context.extensionUri, 'media', 'icon.svg');
  return new MetricsPanel(services, panel, state);
}

/** What a new panel begins with. */
export function stateFor(functions: readonly string[], region: string): PanelState {
  return {
    functions,
    region,
    range: { last: 3 * 3600 },
    period: 0,
    refreshEvery: 60,
    timeZone: 'local',
    view: 'charts',
  };
}
