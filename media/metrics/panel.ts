import type {
  MetricsReply,
  PanelState,
  TimeRange,
  TimeSpan,
  ToPanel,
} from '../../src/metrics/protocol.ts';
import { element } from '../dom.ts';
import { FunctionSection } from './functionSection.ts';
import type { TimeGestures } from './gestures.ts';
import { isCancelled, messageOf } from '../requests.ts';
import { ask, keepState } from './host.ts';
import { RefreshTimer } from './refreshTimer.ts';
import { formatNumber, text } from '../texts.ts';
import { formatTime } from './texts.ts';
import { controlName, toolbarOf, type ToolbarEvents } from './toolbar.ts';

type Start = Extract<ToPanel, { kind: 'start' }>;

/** How often the age of what is shown is said again. */
const TICK_MS = 15_000;

/** The page: its heading and controls, and a section for each function that is shown. */
export class Panel {
  readonly element: HTMLElement;
  readonly #heading = element('h1');
  readonly #account = element('p', { class: 'account' });
  readonly #toolbar = element('div', { class: 'toolbar', role: 'group', label: text('metrics') });
  readonly #grid = element('div', { class: 'sections' });
  readonly #foot = element('p', { class: 'foot' });
  readonly #live = element('p', { class: 'live', role: 'status' });
  /** What went wrong of what is no function's own. */
  readonly #problem = element('p', { class: 'error', role: 'alert' });
  readonly #timer = new RefreshTimer(() => void this.load(false));
  readonly #ticks: ReturnType<typeof setInterval>;
  #state: PanelState;
  #sections: readonly FunctionSection[] = [];
  #period: number | undefined;
  #lastRead: Pick<MetricsReply, 'readAt' | 'asked'> | undefined;
  /** Ranges that were zoomed out of, the latest last. */
  #wider: readonly TimeRange[] = [];
  #turn = 0;
  #drawnToolbar = '';
  #hasConsole: boolean;

  constructor(start: Start) {
    this.#hasConsole = start.console;
    this.#state = start.state;
    this.#account.textContent = start.account;
    const above = [this.#heading, this.#account, this.#toolbar, this.#problem];
    const header = element('header', {}, ...above);
    this.element = element('div', {}, header, this.#grid, this.#foot, this.#live);
    this.#ticks = setInterval(() => this.#sections.forEach(each => each.tick()), TICK_MS);
    this.#change({});
    void this.load(false);
  }

  dispose(): void {
    // What is being read must not set the timer again.
    this.#turn++;
    this.#timer.stop();
    clearInterval(this.#ticks);
    this.#sections.forEach(section => section.dispose());
  }

  /** The theme has changed. */
  redraw(): void {
    this.#sections.forEach(section => section.redraw());
  }

  zoomOut(): void {
    const range = this.#wider.at(-1);
    if (range === undefined) return;
    this.#wider = this.#wider.slice(0, -1);
    this.#read({ range });
  }

  /** Reads now, and again after the time that was chosen. @param fresh what is kept may be old */
  async load(fresh: boolean): Promise<void> {
    if (fresh) this.#problem.textContent = '';
    const turn = ++this.#turn;
    this.#timer.stop();
    const ends = await Promise.all(this.#sections.map(section => section.load(fresh)));
    if (turn !== this.#turn) return;
    const wasThrottled = ends.includes('throttled');
    const next = this.#timer.next(this.#state.refreshEvery, wasThrottled);
    if (next !== undefined && wasThrottled) {
      this.#sections.forEach(section => section.showNextTry(next));
    }
  }

  #change(changed: Partial<PanelState>): void {
    this.#state = { ...this.#state, ...changed };
    this.#problem.textContent = '';
    keepState(this.#state);
    this.#showSections();
    this.#drawToolbar();
    this.#drawFoot();
  }

  /** Changes what is read. */
  #read(changed: Partial<PanelState>): void {
    this.#change(changed);
    void this.load(false);
  }

  /** One section for each function that is shown; those that stay keep what they show. */
  #showSections(): void {
    const { functions, selected } = this.#state;
    this.#heading.textContent = functions.length === 1 ? (functions[0] ?? '') : text('metrics');
    const wanted = functions.filter(name => selected === undefined || selected === name);
    for (const section of this.#sections) {
      if (wanted.includes(section.name)) section.setState(this.#state);
      else section.dispose();
    }
    const kept = new Map(this.#sections.map(section => [section.name, section]));
    this.#sections = wanted.map(name => kept.get(name) ?? this.#newSection(name));
    const shown = this.#sections.map(section => section.element);
    if (shown.some((each, index) => this.#grid.children[index] !== each)) {
      this.#grid.replaceChildren(...shown);
    }
  }

  #newSection(name: string): FunctionSection {
    return new FunctionSection(name, this.#state, {
      gestures: this.#gestures,
      onRetry: () => void this.load(true),
      onRemove: () => this.#removeFunction(name),
      onRead: reply => this.#onRead(reply),
      onFailure: error => this.#showFailure(error),
      say: message => this.#say(message),
    });
  }

  readonly #gestures: TimeGestures = {
    onZoom: range => {
      this.#wider = [...this.#wider, this.#state.range];
      this.#sections.forEach(section => section.see(range));
      this.#read({ range });
    },
    onZoomOut: () => this.zoomOut(),
    onMove: span => this.#sections.forEach(section => section.see(span)),
    onMoved: span => this.#read({ range: upToNow(span) }),
  };

  #onRead(reply: MetricsReply): void {
    this.#period = reply.period;
    this.#hasConsole = reply.console ?? this.#hasConsole;
    this.#account.textContent = reply.account ?? this.#account.textContent;
    this.#lastRead = reply;
    this.#drawFoot();
    this.#drawToolbar();
  }

  /** When it was read, and what can be done with a chart where there is one. */
  #drawFoot(): void {
    if (!this.#lastRead) return;
    const { readAt, asked } = this.#lastRead;
    this.#foot.textContent = [
      text('readAt', formatTime(readAt, this.#state.timeZone === 'utc')),
      text('asked', formatNumber(asked)),
      ...(this.#state.view === 'charts' ? [text('pointHint'), text('panHint')] : []),
    ].join(' · ');
  }

  async #addFunction(): Promise<void> {
    const { region, functions } = this.#state;
    try {
      const name = await ask('chooseFunction', { region, shown: functions });
      if (name === null || this.#state.functions.includes(name)) return;
      this.#read({ functions: [...this.#state.functions, name], selected: undefined });
    } catch (error) {
      this.#showFailure(error);
    }
  }

  #removeFunction(name: string): void {
    const functions = this.#state.functions.filter(each => each !== name);
    this.#read({ functions, selected: undefined });
    // The button that was pressed has gone with its function.
    this.#toolbar.querySelector<HTMLElement>('select')?.focus();
  }

  async #openConsole(): Promise<void> {
    const { region, range, functions, selected } = this.#state;
    const functionName = selected ?? functions[0] ?? '';
    try {
      await ask('openConsole', { functionName, region, range });
    } catch (error) {
      this.#showFailure(error);
    }
  }

  #showFailure(error: unknown): void {
    if (!isCancelled(error)) this.#problem.textContent = messageOf(error);
  }

  #say(message: string): void {
    this.#live.textContent = message;
  }

  readonly #toolbarEvents: ToolbarEvents = {
    onChange: changed => {
      if ('range' in changed) this.#wider = [];
      if ('timeZone' in changed || 'view' in changed) this.#change(changed);
      else this.#read(changed);
    },
    onAddFunction: () => void this.#addFunction(),
    onRefresh: () => void this.load(true),
    onZoomOut: () => this.zoomOut(),
    onOpenConsole: () => void this.#openConsole(),
  };

  #drawToolbar(): void {
    // A range that is being typed stays.
    if (this.#toolbar.querySelector('.custom')?.contains(document.activeElement)) return;
    const now = {
      state: this.#state,
      period: this.#period,
      console: this.#hasConsole,
      zoomed: this.#wider.length > 0,
    };
    // A list that is open stays open.
    const drawn = JSON.stringify(now);
    if (drawn === this.#drawnToolbar) return;
    this.#drawnToolbar = drawn;
    const controls = () => [...this.#toolbar.querySelectorAll<HTMLElement>('button, select')];
    const at = controls().findIndex(each => each === document.activeElement);
    const name = controlName(controls()[at]);
    this.#toolbar.replaceChildren(...toolbarOf(now, this.#toolbarEvents));
    if (at === -1) return;
    (controls().find(each => controlName(each) === name) ?? controls()[at])?.focus();
  }
}

/** Nothing is known of the future. */
function upToNow({ start, end }: TimeSpan): TimeSpan {
  const now = Math.ceil(Date.now() / 1000);
  const late = Math.max(0, end - now);
  return { start: Math.floor(start - late), end: Math.floor(end - late) };
}
