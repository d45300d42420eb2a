import type uPlot from 'uplot';
import type { Annotation, MetricsReply, TimeSpan } from '../../src/metrics/protocol.ts';
import { drawChart, pointAt, setVisibleSpan, showData, sizeOf } from './chart.ts';
import { CHARTS, type ChartKind } from './chartKinds.ts';
import { button, element } from '../dom.ts';
import { listenToMoves, moveByKey, type TimeGestures } from './gestures.ts';
import { gridOf, type Grid } from './grid.ts';
import { pngOf, saveChart } from './save.ts';
import { svgOf } from './svg.ts';
import { formatNumber, text } from '../texts.ts';
import { formatTime } from './texts.ts';
import { readTheme } from './theme.ts';

export interface ChartsOptions {
  readonly name: string;
  readonly headings: 'h2' | 'h3';
  readonly utc: boolean;
  readonly gestures: TimeGestures;
  /** A period with errors was chosen. */
  readonly onErrors: (span: TimeSpan) => void;
  /** Says something to people who do not look. */
  readonly say: (message: string) => void;
  readonly onFailure: (error: unknown) => void;
}

interface Drawn {
  readonly kind: ChartKind;
  readonly chart: uPlot;
  readonly target: HTMLElement;
}

/** The charts of one function. They are drawn once and then shown other data, so that nothing flickers. */
export class Charts {
  readonly element = element('div', { class: 'charts' });
  readonly #options: ChartsOptions;
  readonly #resizes = new ResizeObserver(() => this.#fit());
  #drawn: readonly Drawn[] = [];
  #grid: Grid | undefined;
  #annotations: readonly Annotation[] = [];

  constructor(options: ChartsOptions) {
    this.#options = options;
    this.#drawn = CHARTS.map(kind => this.#draw(kind));
    this.#resizes.observe(this.element);
  }

  destroy(): void {
    this.#resizes.disconnect();
    for (const { chart } of this.#drawn) chart.destroy();
  }

  show(reply: MetricsReply, annotations: readonly Annotation[]): void {
    const grid = gridOf(reply);
    this.#grid = grid;
    this.#annotations = annotations;
    this.#fit();
    for (const { chart, kind } of this.#drawn) showData(chart, kind, grid, reply.span);
  }

  /** Shows another span of what is there. */
  see(span: TimeSpan): void {
    for (const { chart } of this.#drawn) setVisibleSpan(chart, span);
  }

  showAnnotations(annotations: readonly Annotation[]): void {
    this.#annotations = annotations;
    for (const { chart } of this.#drawn) chart.redraw(false);
  }

  #draw(kind: ChartKind): Drawn {
    const { headings, utc, gestures } = this.#options;
    const title = text(kind.title);
    const target = element('div', { class: 'canvas' });
    const head = element('figcaption', {}, element(headings, {}, title));
    const figure = element('figure', { label: text('chartLabel', title) }, head, target);
    this.element.append(figure);
    const chart = drawChart(target, {
      kind,
      theme: readTheme(),
      utc,
      annotations: () => this.#annotations,
      hasErrors: index => this.#hasErrors(index),
      onZoom: gestures.onZoom,
    });
    const moveBy = listenToMoves(chart, gestures);
    chart.over.addEventListener('click', ({ shiftKey, detail }) => {
      // With Shift it was moved; the second of a double click zooms out.
      if (!shiftKey && detail <= 1) this.#choose(chart);
    });
    figure.tabIndex = 0;
    figure.addEventListener('keydown', event => {
      if (event.target !== figure) return;
      const isKnown = moveByKey(event, chart, gestures, moveBy) || this.#key(event, chart, kind);
      if (isKnown) event.preventDefault();
    });
    head.append(...this.#saveButtons(kind, chart));
    return { kind, chart, target };
  }

  /** The crosshair by the arrow keys, what went wrong there by Enter. */
  #key({ key }: KeyboardEvent, chart: uPlot, kind: ChartKind): boolean {
    const grid = this.#grid;
    if (grid === undefined) return false;
    const last = grid.times.length - 1;
    const at = chart.cursor.idx ?? last + 1;
    const next = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last }[key];
    if (next !== undefined) {
      const index = Math.min(last, Math.max(0, next));
      pointAt(chart, grid.times[index] ?? 0);
      this.#options.say(pointText(kind, grid, index, this.#options.utc));
      return true;
    }
    if (key === 'Enter') this.#choose(chart);
    return key === 'Enter';
  }

  #hasErrors(index: number): boolean {
    return (this.#grid?.column('errors')[index] ?? 0) > 0;
  }

  #choose(chart: uPlot): void {
    const { idx } = chart.cursor;
    const start = this.#grid?.times[idx ?? -1];
    if (idx === null || idx === undefined || start === undefined || !this.#hasErrors(idx)) return;
    this.#options.onErrors({ start, end: start + (this.#grid?.period ?? 0) });
  }

  #saveButtons(kind: ChartKind, chart: uPlot): HTMLElement[] {
    const { name, say, onFailure } = this.#options;
    const title = `${name}: ${text(kind.title)}`;
    const keep = (extension: string, content: () => string) => (): void => {
      const saving = async () => await saveChart(`${name}-${kind.title}.${extension}`, content());
      saving().then(said => {
        if (said !== undefined) say(said);
      }, onFailure);
    };
    const png = keep('png', () => pngOf(chart, kind, title, readTheme()));
    const svg = keep('svg', () =>
      this.#grid === undefined
        ? ''
        : svgOf(kind, this.#grid, title, readTheme(), this.#options.utc),
    );
    return [button('PNG', png, text('savePng')), button('SVG', svg, text('saveSvg'))];
  }

  #fit(): void {
    for (const { chart, target } of this.#drawn) {
      const size = sizeOf(target);
      const isSame = size.width === chart.width && size.height === chart.height;
      if (size.width > 0 && !isSame) chart.setSize(size);
    }
  }
}

function pointText(kind: ChartKind, grid: Grid, index: number, utc: boolean): string {
  const values = kind.series.map(({ id }) => {
    const value = grid.column(id)[index] ?? null;
    return `${text(id)} ${value === null ? text('noData') : formatNumber(value)}`;
  });
  return [formatTime(grid.times[index] ?? 0, utc), ...values].join(', ');
}
