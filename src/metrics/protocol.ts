// What the panel (a browser) and its host (the extension) say to each other. Types and plain values
// only: both sides bundle this file.
import type { FunctionMetrics, MetricId, MetricSeries } from '../aws/metrics/metricSeries.ts';
import type { EpochSeconds, TimeSpan } from '../aws/metrics/metricPeriod.ts';

export type { EpochSeconds, MetricId, MetricSeries, TimeSpan };

/** By which VS Code knows the panel; an activation event of package.json names it too. */
export const VIEW_TYPE = 'bucketBrigade.metrics';

/** What can be drawn: what CloudWatch has, and what follows from it. */
export type SeriesId = MetricId | 'successRate';

/**
 * The last so many seconds, or a span that was zoomed to or typed. With `fit`, of the last seconds only
 * as many are drawn as the points need.
 */
export type TimeRange = { readonly last: number; readonly fit?: boolean } | TimeSpan;

/** What a panel shows; kept by the webview over a reload of the window. */
export interface PanelState {
  /** `Session.key` of whose functions they are; the default connection's when absent. */
  readonly session?: string;
  /** Names of functions; at least one. */
  readonly functions: readonly string[];
  /** The one that is shown; without it all of them, side by side. */
  readonly selected?: string;
  readonly region: string;
  readonly range: TimeRange;
  /** Seconds; 0 chooses by the range. */
  readonly period: number;
  /** Seconds between two readings; 0 is off. */
  readonly refreshEvery: number;
  readonly timeZone: 'local' | 'utc';
  readonly view: 'charts' | 'table';
}

/** Figures of a whole range, for the glance at the top. */
export interface Totals {
  readonly invocations: number;
  readonly errors: number;
  /** Percent. */
  readonly successRate?: number;
  /** Milliseconds. */
  readonly durationP95?: number;
}

export interface MetricsRequest {
  readonly functionName: string;
  readonly region: string;
  readonly range: TimeRange;
  readonly period: number;
  /** Asked for by hand: what is kept may be old. */
  readonly fresh: boolean;
}

export interface MetricsReply extends Pick<FunctionMetrics, 'problems'> {
  /** Counts the readings of a panel; the page gives it back with what it shows. */
  readonly reading: number;
  readonly series: Readonly<Partial<Record<SeriesId, MetricSeries>>>;
  readonly span: TimeSpan;
  /** Seconds. */
  readonly period: number;
  readonly totals: Totals;
  /** The same of the range before, as long as this one; not there when it could not be read. */
  readonly before?: Totals;
  /** Why the percentile and the range before are not there. */
  readonly totalsProblem?: PanelError;
  /** How many metrics CloudWatch has been asked for, for this panel and account. */
  readonly asked: number;
  /** When the newest of it was read, by the clock of this machine. */
  readonly readAt: EpochSeconds;
  /** Whether AWS's console shows the same, which is sure once a session is open. */
  readonly console?: boolean;
  /** The connection and account that were read, for the heading. */
  readonly account?: string;
}

/** Something that happened at a moment, to be seen on the time axis. */
export interface Annotation {
  readonly time: EpochSeconds;
  readonly kind: 'deployment' | 'notification' | 'job';
  /** Ready to be shown. */
  readonly text: string;
}

/** What explains the charts; read apart from the metrics, which never wait for it. */
export interface AnnotationsReply {
  /** By time. */
  readonly annotations: readonly Annotation[];
  /** False when the function was deleted: its metrics are kept all the same. */
  readonly functionExists: boolean;
  /** Why some changes have no annotation, ready to be shown. */
  readonly missing?: string;
}

/** An error as a person reads it, in the words of the extension's other messages. */
export interface PanelError {
  /** The code of a BrigadeError. */
  readonly code: string;
  readonly message: string;
}

/** What the panel may ask, with the answers. */
export interface Requests {
  readMetrics: { readonly params: MetricsRequest; readonly result: MetricsReply };
  readAnnotations: {
    readonly params: { readonly functionName: string; readonly region: string } & TimeSpan;
    readonly result: AnnotationsReply;
  };
  /** Asks for one more function; `null` when the person gave up. */
  chooseFunction: {
    readonly params: { readonly region: string; readonly shown: readonly string[] };
    readonly result: string | null;
  };
  /** Opens the log lines of a span in an editor, those with errors first. */
  openLogs: {
    readonly params: { readonly functionName: string; readonly region: string } & TimeSpan;
    readonly result: null;
  };
  copyText: { readonly params: { readonly text: string }; readonly result: null };
  /** Asks where; `null` when the person gave up. */
  saveFile: {
    readonly params: { readonly name: string; readonly base64: string };
    readonly result: { readonly path: string } | null;
  };
  openConsole: {
    readonly params: {
      readonly functionName: string;
      readonly region: string;
      readonly range: TimeRange;
    };
    readonly result: null;
  };
}

export type Method = keyof Requests;

/** A figure as it stands on the page. */
export interface ShownFigure {
  readonly label: string;
  readonly value: string;
}

/** From the panel. It speaks first: `ready`. */
export type FromPanel =
  | { readonly kind: 'ready' }
  /** What a person now reads of a function at the top: taken from the page, not from what was read. */
  | {
      readonly kind: 'shown';
      readonly functionName: string;
      readonly reading: number;
      readonly figures: readonly ShownFigure[];
    }
  | { readonly kind: 'state'; readonly state: PanelState }
  | { readonly kind: 'cancel'; readonly id: number }
  | {
      [M in Method]: {
        readonly kind: 'request';
        readonly id: number;
        readonly method: M;
        readonly params: Requests[M]['params'];
      };
    }[Method];

/** To the panel. */
export type ToPanel =
  | {
      readonly kind: 'start';
      readonly state: PanelState;
      /** Whether AWS's console shows the same, as far as is known; a reply knows better. */
      readonly console: boolean;
      /** Every text that the panel shows, by its English. */
      readonly texts: Readonly<Record<string, string>>;
      /** The connection and account, as far as is known; a reply knows better. */
      readonly account: string;
      readonly language: string;
    }
  /** Asked for again while it is open: reads what is new. */
  | { readonly kind: 'refresh' }
  | { readonly kind: 'reply'; readonly id: number; readonly result: unknown }
  | { readonly kind: 'failure'; readonly id: number; readonly error: PanelError };
