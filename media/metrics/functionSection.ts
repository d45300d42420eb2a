import type {
  AnnotationsReply,
  MetricsReply,
  PanelState,
  TimeSpan,
} from '../../src/metrics/protocol.ts';
import { Charts } from './charts.ts';
import { button, element } from '../dom.ts';
import type { TimeGestures } from './gestures.ts';
import { isCancelled, messageOf, RequestFailed } from '../requests.ts';
import { ask, reportShown } from './host.ts';
import { showAnnotations } from './annotations.ts';
import { fittingSpan } from './fittingSpan.ts';
import { skeleton } from './skeleton.ts';
import { StatusLine } from './statusLine.ts';
import { MetricsTable } from './table.ts';
import { text } from '../texts.ts';
import { formatLength } from './texts.ts';
import { figuresOf, tilesOf } from './tiles.ts';

export interface SectionEvents {
  readonly gestures: TimeGestures;
  readonly onRetry: () => void;
  readonly onRemove: () => void;
  readonly onRead: (reply: MetricsReply) => void;
  /** Something that was asked for beside the metrics failed. */
  readonly onFailure: (error: unknown) => void;
  /** Says something to people who do not look. */
  readonly say: (message: string) => void;
}

/** How a reading ended: AWS may ask for fewer of them. */
export type ReadEnd = 'read' | 'throttled' | 'failed' | 'superseded';

function endOf(problem: { readonly code: string } | undefined, otherwise: ReadEnd): ReadEnd {
  return problem?.code === 'Throttled' ? 'throttled' : otherwise;
}

/** Everything about one function: what is read, and how it is shown. */
export class FunctionSection {
  readonly name: string;
  readonly element: HTMLElement;
  readonly #events: SectionEvents;
  readonly #status: StatusLine;
  readonly #heading = element('div', { class: 'heading' });
  readonly #tiles = element('div');
  readonly #view = element('div');
  readonly #body = element('div', { class: 'body' }, this.#tiles, this.#view);
  readonly #skeleton = skeleton();
  readonly #annotationsList = element('details', { class: 'annotations' });
  #charts: Charts | undefined;
  #table: MetricsTable | undefined;
  #state: PanelState;
  #reply: MetricsReply | undefined;
  #annotations: AnnotationsReply = { annotations: [], functionExists: true };
  #annotationsProblem: string | undefined;
  #failure: string | undefined;
  /** While AWS asks for fewer requests; in seconds. */
  #nextTry: number | undefined;
  #running = new AbortController();

  constructor(name: string, state: PanelState, events: SectionEvents) {
    this.name = name;
    this.#state = state;
    this.#events = events;
    this.#status = new StatusLine(events.onRetry);
    this.element = element(
      'section',
      { label: name },
      this.#heading,
      this.#status.element,
      this.#skeleton,
    );
    this.#showHeading();
  }

  dispose(): void {
    this.#running.abort();
    this.#clear();
    this.element.remove();
  }

  /** Takes another state; what was read is shown by it at once. */
  setState(state: PanelState): void {
    const before = this.#state;
    this.#state = state;
    const isAlone = ({ functions }: PanelState): boolean => functions.length === 1;
    const isAloneAsBefore = isAlone(before) === isAlone(state);
    if (!isAloneAsBefore) this.#showHeading();
    const isSame = before.view === state.view && before.timeZone === state.timeZone;
    if (!isSame || !isAloneAsBefore) this.redraw();
  }

  /** Draws again what was read: the theme, the zone or the view has changed. */
  redraw(): void {
    this.#clear();
    if (this.#reply) this.#show(this.#reply);
  }

  /** Reads what is missing. */
  async load(fresh: boolean): Promise<ReadEnd> {
    this.#running.abort();
    const running = new AbortController();
    this.#running = running;
    this.element.setAttribute('aria-busy', 'true');
    const { range, period, region } = this.#state;
    const params = { functionName: this.name, region, range, period, fresh };
    try {
      const reply = await ask('readMetrics', params, running.signal);
      if (running.signal.aborted) return 'superseded';
      this.#failure = undefined;
      this.#nextTry = undefined;
      this.#show(reply);
      reportShown(this.name, reply.reading, figuresOf(this.#tiles));
      this.#events.onRead(reply);
      void this.#loadAnnotations(reply.span, running.signal);
      return endOf(reply.totalsProblem, 'read');
    } catch (error) {
      if (running.signal.aborted || isCancelled(error)) return 'superseded';
      this.#fail(error);
      return endOf(error instanceof RequestFailed ? error : undefined, 'failed');
    } finally {
      if (!running.signal.aborted) this.element.removeAttribute('aria-busy');
    }
  }

  /** Says when it is tried again. @param nextTry seconds */
  showNextTry(nextTry: number): void {
    this.#nextTry = nextTry;
    this.#showStatus();
  }

  /** Shows another span of what is there, before it is read. */
  see(span: TimeSpan): void {
    this.#charts?.see(span);
  }

  tick(): void {
    this.#status.tick();
  }

  #show(reply: MetricsReply): void {
    this.#reply = reply;
    if (!this.#body.isConnected) this.#skeleton.replaceWith(this.#body);
    const utc = this.#state.timeZone === 'utc';
    this.#tiles.replaceChildren(tilesOf(reply, utc));
    if (this.#state.view === 'table') {
      this.#table ??= this.#newTable();
      this.#table.show(reply, utc);
    } else {
      this.#charts ??= this.#newCharts(utc);
      this.#charts.show(this.#seen(reply), this.#annotations.annotations);
    }
    this.#showStatus();
  }

  /** Several functions beside each other keep the same range. */
  #seen(reply: MetricsReply): MetricsReply {
    const { range, functions } = this.#state;
    const fits = 'last' in range && range.fit === true && functions.length === 1;
    return fits ? { ...reply, span: fittingSpan(reply) } : reply;
  }

  #newTable(): MetricsTable {
    const table = new MetricsTable(csv => {
      ask('copyText', { text: csv }).then(
        () => this.#events.say(text('copied')),
        this.#events.onFailure,
      );
    });
    this.#view.replaceChildren(table.element);
    return table;
  }

  #newCharts(utc: boolean): Charts {
    const charts = new Charts({
      name: this.name,
      headings: this.#state.functions.length === 1 ? 'h2' : 'h3',
      utc,
      gestures: this.#events.gestures,
      onErrors: span => this.#openLogs(span),
      say: this.#events.say,
      onFailure: this.#events.onFailure,
    });
    showAnnotations(this.#annotationsList, this.#annotations, utc);
    this.#view.replaceChildren(charts.element, this.#annotationsList);
    return charts;
  }

  async #loadAnnotations(span: TimeSpan, signal: AbortSignal): Promise<void> {
    const params = { functionName: this.name, region: this.#state.region, ...span };
    try {
      const annotations = await ask('readAnnotations', params, signal);
      if (signal.aborted) return;
      this.#annotations = annotations;
      this.#annotationsProblem = undefined;
      const utc = this.#state.timeZone === 'utc';
      this.#charts?.showAnnotations(annotations.annotations);
      showAnnotations(this.#annotationsList, annotations, utc);
      this.#showStatus();
    } catch (error) {
      if (signal.aborted || isCancelled(error)) return;
      this.#annotationsProblem = messageOf(error);
      this.#showStatus();
    }
  }

  #openLogs(span: TimeSpan): void {
    const { region } = this.#state;
    const params = { functionName: this.name, region, ...span };
    ask('openLogs', params).catch(this.#events.onFailure);
  }

  #fail(error: unknown): void {
    this.#failure = messageOf(error);
    this.#nextTry = undefined;
    if (!this.#reply) this.#skeleton.hidden = true;
    this.#showStatus();
  }

  #showStatus(): void {
    const { timeZone, range } = this.#state;
    const reply = this.#reply;
    const failure = this.#failure;
    const problems = [
      ...(failure === undefined ? [] : [failure]),
      ...(reply?.problems ?? []).map(({ metric, kind }) => text(kind, text(metric))),
      ...(reply?.totalsProblem ? [text('totalsProblem', reply.totalsProblem.message)] : []),
    ];
    const isEmpty = reply?.totals.invocations === 0 && problems.length === 0;
    const rangeName =
      'last' in range ? text('theLast', formatLength(range.last)) : text('thisRange');
    const notes = [
      ...(this.#annotations.functionExists ? [] : [text('deleted', this.name)]),
      ...(isEmpty ? [text('nothing', rangeName)] : []),
      ...(this.#annotationsProblem === undefined
        ? []
        : [text('annotationsMissing', this.#annotationsProblem)]),
    ];
    const nextTry = this.#nextTry;
    this.#status.show(
      {
        problems,
        notes,
        ...(failure !== undefined && reply && { keptSince: reply.readAt }),
        ...(nextTry !== undefined && { nextTry }),
      },
      timeZone === 'utc',
    );
  }

  #showHeading(): void {
    // The panel's own heading names a function that is alone.
    const isAlone = this.#state.functions.length === 1;
    const remove = button('×', this.#events.onRemove, text('removeFunction', this.name));
    remove.setAttribute('aria-label', text('removeFunction', this.name));
    this.#heading.replaceChildren(...(isAlone ? [] : [element('h2', {}, this.name), remove]));
  }

  #clear(): void {
    this.#charts?.destroy();
    this.#charts = undefined;
    this.#table = undefined;
    this.#view.replaceChildren();
  }
}
