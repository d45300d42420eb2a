import type uPlot from 'uplot';
import type {
  Mark,
  MetricsReply,
  PanelState,
  TimeRange,
  TimeSpan,
} from '../../src/metrics/protocol.ts';
import { drawChart, openPoint, type ChartOptions } from './chart.ts';
import { CHARTS, type ChartKind } from './chartKinds.ts';
import { button, element } from './dom.ts';
import { gridOf, type Grid } from './grid.ts';
import { ask, RequestFailed, tellShown } from './host.ts';
import { pngOf, save, svgOf } from './save.ts';
import { csvOf, rowsOf, tableOf } from './table.ts';
import { formatLength, formatNumber, formatTime, text } from './texts.ts';
import { readTheme } from './theme.ts';
import { figuresOf, tilesOf } from './tiles.ts';

export interface SectionEvents {
  readonly onZoom: (span: TimeSpan) => void;
  /** Says something to who does not look: `aria-live`. */
  readonly say: (message: string) => void;
  readonly onRead: (reply: MetricsReply) => void;
}

interface Drawn {
  readonly chart: uPlot;
  readonly options: ChartOptions;
  readonly target: HTMLElement;
}

/** Everything about one function: what is read, and how it is shown. */
export class FunctionSection {
  readonly element: HTMLElement;
  readonly #name: string;
  readonly #events: SectionEvents;
  readonly #status = element('p', { class: 'status', role: 'status' });
  readonly #body = element('div', { class: 'body' });
  #drawn: Drawn[] = [];
  #reply: MetricsReply | undefined;
  #marks: readonly Mark[] = [];
  #state: PanelState;
  #running: AbortController | undefined;

  constructor(name: string, state: PanelState, events: SectionEvents) {
    this.#name = name;
    this.#state = state;
    this.#events = events;
    const heading = element('h2', {}, name);
    // The panel's own heading says it already.
    heading.hidden = state.functions.length === 1;
    this.element = element('section', { label: name }, heading, this.#status, this.#body);
    this.#body.append(skeleton());
    new ResizeObserver(() => this.#resize()).observe(this.#body);
  }

  dispose(): void {
    this.#running?.abort();
    this.#clear();
  }

  /** Shows what is there by another range, zone or view, and reads what is missing. */
  async load(state: PanelState, fresh: boolean): Promise<void> {
    this.#state = state;
    this.#running?.abort();
    const running = new AbortController();
    this.#running = running;
    this.element.setAttribute('aria-busy', 'true');
    try {
      const { range, period, region } = state;
      const params = { functionName: this.#name, region, range, period, fresh };
      const reply = await ask('readMetrics', params, running.signal);
      if (running.signal.aborted) return;
      this.#reply = reply;
      this.#show(reply);
      this.#events.onRead(reply);
      await this.#loadMarks(reply, running.signal);
    } catch (error) {
      if (!running.signal.aborted) this.#fail(error);
    } finally {
      if (this.#running === running) this.element.removeAttribute('aria-busy');
    }
  }

  async #loadMarks({ span }: MetricsReply, signal: AbortSignal): Promise<void> {
    const { region } = this.#state;
    const params = { functionName: this.#name, region, ...span };
    const { marks } = await ask('readMarks', params, signal);
    if (signal.aborted) return;
    this.#marks = marks;
    this.redraw(this.#state);
  }

  /** Draws again what was read: the theme, the zone or the view has changed. */
  redraw(state: PanelState): void {
    this.#state = state;
    if (this.#reply) this.#show(this.#reply);
  }

  #fail(error: unknown): void {
    const message = error instanceof RequestFailed ? error.message : String(error);
    const retry = button(text('retry'), () => void this.load(this.#state, true));
    const kept = this.#reply;
    const said = kept ? this.#asOf(kept, message) : message;
    this.#status.replaceChildren(element('span', { class: 'error' }, said), ' ', retry);
    if (!kept) this.#body.replaceChildren();
  }

  #asOf({ readAt }: MetricsReply, message: string): string {
    const age = Math.max(0, Math.floor(Date.now() / 1000) - readAt);
    return text('kept', formatTime(readAt, this.#utc), formatLength(age), message);
  }

  get #utc(): boolean {
    return this.#state.timeZone === 'utc';
  }

  #show(reply: MetricsReply): void {
    const grid = gridOf(reply);
    this.#clear();
    this.#status.replaceChildren(...this.#remarks(reply));
    const view = this.#state.view === 'table' ? this.#table(grid, reply) : this.#charts();
    this.#body.replaceChildren(tilesOf(reply), view);
    if (this.#state.view === 'charts') this.#draw(grid, reply);
    tellShown(this.#name, figuresOf(this.#body));
  }

  #remarks(reply: MetricsReply): HTMLElement[] {
    const problems = reply.problems.map(({ metric, kind }) =>
      element('span', { class: 'error' }, text(kind, text(metric))),
    );
    const nothing = reply.totals.invocations === 0 && problems.length === 0;
    return nothing
      ? [element('span', {}, text('nothing', rangeText(this.#state.range)))]
      : problems;
  }

  #table(grid: Grid, reply: MetricsReply): HTMLElement {
    const copy = button(text('copyCsv'), () => {
      void ask('copyText', { text: csvOf(rowsOf(grid)) }).then(() =>
        this.#events.say(text('copied')),
      );
    });
    return element('div', {}, copy, tableOf(grid, reply, this.#utc));
  }

  #charts(): HTMLElement {
    const list = this.#marks.map(({ time, text: what }) =>
      element('li', {}, `${formatTime(time, this.#utc)}: ${what}`),
    );
    const legend = element('details', { class: 'marks' });
    legend.append(element('summary', {}, `${text('marks')} (${list.length})`));
    legend.append(element('ul', {}, ...list));
    return element(
      'div',
      {},
      element('div', { class: 'charts' }),
      ...(list.length > 0 ? [legend] : []),
    );
  }

  #draw(grid: Grid, reply: MetricsReply): void {
    const charts = this.#body.querySelector('.charts');
    for (const kind of CHARTS) {
      const target = element('div', { class: 'canvas' });
      const title = element(this.#state.functions.length === 1 ? 'h2' : 'h3', {}, text(kind.title));
      const figure = element('figure', { label: text('chartLabel', text(kind.title)) });
      const head = element('figcaption', {}, title);
      figure.append(head, target);
      charts?.append(figure);
      const options: ChartOptions = {
        kind,
        grid,
        reply,
        marks: this.#marks,
        theme: readTheme(),
        utc: this.#utc,
        group: 'metrics',
        width: target.clientWidth,
        onZoom: this.#events.onZoom,
        onPoint: (span, index) => this.#openLogs(grid, span, index),
      };
      const chart = drawChart(target, options);
      head.append(...this.#saveButtons(kind, chart, grid));
      this.#listenToKeys(figure, chart, options);
      this.#drawn.push({ chart, options, target });
    }
  }

  #saveButtons(kind: ChartKind, chart: uPlot, grid: Grid): HTMLElement[] {
    const title = `${this.#name}: ${text(kind.title)}`;
    const keep = (extension: string, content: () => string) => (): void => {
      void save(`${this.#name}-${kind.title}.${extension}`, content()).then(path => {
        if (path !== undefined) this.#events.say(text('saved', path));
      });
    };
    return [
      button(
        'PNG',
        keep('png', () => pngOf(chart, title, readTheme())),
        text('savePng'),
      ),
      button(
        'SVG',
        keep('svg', () => svgOf(kind, grid, title, readTheme())),
        text('saveSvg'),
      ),
    ];
  }

  /** The crosshair by the arrow keys, a point's log lines by Enter. */
  #listenToKeys(figure: HTMLElement, chart: uPlot, options: ChartOptions): void {
    figure.tabIndex = 0;
    figure.addEventListener('keydown', event => {
      if (event.target !== figure) return;
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (step !== undefined) {
        const last = options.grid.times.length - 1;
        const at = Math.min(last, Math.max(0, (chart.cursor.idx ?? last + 1) + step));
        const left = chart.valToPos(options.grid.times[at] ?? 0, 'x');
        chart.setCursor({ left, top: 10 });
        this.#events.say(pointText(options, at, this.#utc));
        event.preventDefault();
      } else if (event.key === 'Enter') {
        openPoint(chart, options);
      }
    });
  }

  #openLogs(grid: Grid, span: TimeSpan, index: number): void {
    if (!grid.column('errors')[index]) return;
    const { region } = this.#state;
    const params = { functionName: this.#name, region, ...span };
    ask('openLogs', params).catch((error: unknown) => this.#fail(error));
  }

  #resize(): void {
    for (const { chart, target } of this.#drawn) {
      if (target.clientWidth !== chart.width) {
        chart.setSize({ width: target.clientWidth, height: chart.height });
      }
    }
  }

  #clear(): void {
    for (const { chart } of this.#drawn) chart.destroy();
    this.#drawn = [];
  }
}

function rangeText(range: TimeRange): string {
  return 'last' in range ? text('theLast', formatLength(range.last)) : text('thisRange');
}

/** As large as what comes, so that nothing jumps. */
function skeleton(): HTMLElement {
  const tiles = element('div', { class: 'tiles' });
  const charts = element('div', { class: 'charts' });
  for (let index = 0; index < 4; index++) tiles.append(element('div', { class: 'tile wait' }));
  for (const kind of CHARTS) {
    charts.append(element('div', { class: 'wait chart', title: text(kind.title) }));
  }
  return element('div', { label: text('loading'), role: 'img' }, tiles, charts);
}

function pointText({ kind, grid }: ChartOptions, index: number, utc: boolean): string {
  const values = kind.series.map(({ id }) => {
    const value = grid.column(id)[index];
    const shown = value === null || value === undefined ? text('noData') : formatNumber(value);
    return `${text(id)} ${shown}`;
  });
  return [formatTime(grid.times[index] ?? 0, utc), ...values].join(', ');
}
