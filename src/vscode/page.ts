import {
  env,
  EventEmitter,
  Uri,
  ViewColumn,
  window,
  type Event,
  type ExtensionContext,
  type ThemeIcon,
  type WebviewPanel,
} from 'vscode';
import { DisposableStore } from './disposables.ts';
import { log } from './log.ts';
import { actionIds } from './page/actionIds.ts';
import { pageTexts } from './page/pageTexts.ts';
import type { PageModel, ToPage } from './page/protocol.ts';
import { readMessage } from './page/readMessage.ts';
import { runAndShow } from './registerCommand.ts';
import { setTabIcon } from './tabIcon.ts';
import { webviewHtml } from './webviewHtml.ts';

export interface PageOptions {
  /** What tells it from other pages: there is one page of a key. */
  readonly key: string;
  /** Of its tab. */
  readonly title: string;
  readonly icon?: ThemeIcon;
  readonly model: PageModel;
  /**
   * Runs when a button or link of the model is pressed; its button waits for it, and what it throws
   * is shown.
   */
  readonly onAction: (id: string) => unknown;
  /** What VS Code keeps of it over a restart, for a page that can be opened again by that. */
  readonly kept?: KeptPage;
  /** The tab that VS Code has opened again. */
  readonly panel?: WebviewPanel;
}

export interface KeptPage {
  /** Of its own: whoever restores it is registered for that. */
  readonly viewType: string;
  /** JSON, without secrets; comes back as `kept` of the panel's state. */
  readonly state: unknown;
}

/** An editor with a page in it. */
export interface OpenPage {
  /** Shows another model in place of what is shown; focus and scrolling stay. */
  update(model: PageModel): void;
  /** Brings it to the front. */
  reveal(): void;
  readonly isVisible: boolean;
  readonly onDidChangeVisibility: Event<void>;
  readonly onDidDispose: Event<void>;
  dispose(): void;
}

const VIEW_TYPE = 'bucketBrigade.page';

const pages = new Map<string, Page>();

/**
 * Opens a page beside the other editors, or brings the one of this key to the front with this model and
 * these actions. Unless it is kept, it is gone with its window.
 */
export function openPage(context: ExtensionContext, options: PageOptions): OpenPage {
  const open = pages.get(options.key);
  if (open !== undefined) {
    options.panel?.dispose();
    open.adopt(options);
    open.reveal();
    return open;
  }
  const page = new Page(context, options);
  pages.set(options.key, page);
  page.onDidDispose(() => pages.delete(options.key));
  return page;
}

class Page implements OpenPage {
  readonly #panel: WebviewPanel;
  readonly #disposables = new DisposableStore();
  readonly #didDispose = new EventEmitter<void>();
  readonly #didChangeVisibility = this.#disposables.add(new EventEmitter<void>());
  readonly #busy = new Set<string>();
  #options: PageOptions;
  #isOpen = true;

  readonly onDidDispose = this.#didDispose.event;
  readonly onDidChangeVisibility = this.#didChangeVisibility.event;

  constructor(context: ExtensionContext, options: PageOptions) {
    this.#options = options;
    const folder = Uri.joinPath(context.extensionUri, 'dist', 'webview');
    const scripts = { enableScripts: true, localResourceRoots: [folder] };
    const { title, kept, panel } = options;
    const viewType = kept?.viewType ?? VIEW_TYPE;
    const shown = { ...scripts, enableFindWidget: true };
    this.#panel = panel ?? window.createWebviewPanel(viewType, title, ViewColumn.Active, shown);
    this.#panel.title = title;
    if (options.icon) setTabIcon(this.#panel, options.icon, context.extensionUri);
    const { webview } = this.#panel;
    webview.options = scripts;
    this.#disposables.add(
      webview.onDidReceiveMessage((message: unknown) => this.#receive(message)),
    );
    this.#disposables.add(this.#panel.onDidChangeViewState(() => this.#didChangeVisibility.fire()));
    this.#panel.onDidDispose(() => {
      this.#isOpen = false;
      this.#didDispose.fire();
      this.#didDispose.dispose();
      this.#disposables.dispose();
    });
    webview.html = webviewHtml(webview, {
      folder,
      script: 'page.js',
      style: 'page.css',
      title: options.title,
      language: env.language,
    });
  }

  get isVisible(): boolean {
    return this.#isOpen && this.#panel.visible;
  }

  /** Shows what somebody else opened under the same key. */
  adopt(options: PageOptions): void {
    this.#options = options;
    this.#panel.title = options.title;
    this.update(options.model);
  }

  update(model: PageModel): void {
    this.#options = { ...this.#options, model };
    this.#show();
  }

  reveal(): void {
    if (this.#isOpen) this.#panel.reveal();
  }

  dispose(): void {
    this.#panel.dispose();
  }

  #receive(received: unknown): void {
    const message = readMessage(received);
    if (message === undefined) log.warn('A message of a page was refused');
    else if (message.kind === 'ready') this.#show();
    else if (message.kind === 'copy') void env.clipboard.writeText(message.text);
    else void this.#run(message.id);
  }

  async #run(id: string): Promise<void> {
    const { model, onAction } = this.#options;
    if (!actionIds(model).has(id) || this.#busy.has(id)) return;
    this.#busy.add(id);
    this.#show();
    await runAndShow(`page action ${id}`, () => onAction(id));
    this.#busy.delete(id);
    this.#show();
  }

  #show(): void {
    if (!this.#isOpen) return;
    const { model, kept } = this.#options;
    const busy = [...this.#busy];
    const message: ToPage = {
      ...{ kind: 'show', model, texts: pageTexts(), busy },
      ...(kept && { kept: kept.state }),
    };
    void this.#panel.webview.postMessage(message);
  }
}
