// What the report's page (a browser) and its host (the extension) say to each other. Types and plain
// values only: both sides bundle this file.
import type { RowQuery } from '../../aws/report/rowQuery.ts';

export type { RowQuery };

/** By which VS Code knows the page; an activation event of package.json names it too. */
export const VIEW_TYPE = 'bucketBrigade.report';

/** The job of a report, or the report's manifest.json where there is no job any more. */
export type ReportTarget = (
  | { readonly jobId: string; readonly region?: string }
  | { readonly bucket: string; readonly key: string }
) & {
  /** `Session.key` of whose it is. */
  readonly session?: string;
};

/** What the page keeps over a reload of the window. */
export interface ReportState {
  readonly target: ReportTarget;
  readonly query: RowQuery;
}

/** A row as it is shown. */
export interface TableRow {
  readonly bucket: string;
  /** Decoded. */
  readonly key: string;
  readonly versionId?: string;
  readonly succeeded: boolean;
  readonly httpStatus?: number;
  readonly errorCode: string;
  readonly message: string;
}

/** A button of the page; what it does is asked for by its id. */
export interface ReportAction {
  readonly id: string;
  readonly label: string;
}

/** Failures of one kind, in sentences. */
export interface ShownGroup {
  /** Its number, in queries too. */
  readonly group: number;
  /** `AccessDenied (403) · 37 objects`. */
  readonly title: string;
  /** Why, and what helps. */
  readonly cause: string;
  /** What AWS or the function said of the first of them. */
  readonly message: string;
  readonly samples: readonly string[];
  readonly actions: readonly ReportAction[];
}

/** All that stands above the table. */
export interface ReportHead {
  readonly title: string;
  /** Whose, and when it ended. */
  readonly subtitle: string;
  /** Counts as a sentence each, failures first. */
  readonly verdict: readonly { readonly tone: 'good' | 'bad'; readonly text: string }[];
  readonly actions: readonly ReportAction[];
  readonly groups: readonly ShownGroup[];
  /** What can't be read of the report; empty where all can. */
  readonly damage: readonly string[];
  /** Rows that can be read by now. */
  readonly rows: number;
  /** All rows are there: they can be searched and sorted. */
  readonly isComplete: boolean;
  /** Few enough to be sorted by their keys. */
  readonly canSortByKey: boolean;
  readonly showsVersions: boolean;
  readonly showsBuckets: boolean;
}

interface Exchange<Params, Result> {
  readonly params: Params;
  readonly result: Result;
}

/** What the page may ask, with the answers. */
export interface Requests {
  /** The rows that fit; `view` names them in other requests. */
  query: Exchange<{ readonly query: RowQuery }, { readonly view: number; readonly rows: number }>;
  rows: Exchange<
    { readonly view: number; readonly from: number; readonly count: number },
    readonly TableRow[]
  >;
  openObject: Exchange<ObjectAddress, null>;
  revealObject: Exchange<ObjectAddress, null>;
  copyText: Exchange<{ readonly text: string }, null>;
  /** Asks where; `null` when the person gave up. */
  exportRows: Exchange<{ readonly view: number }, { readonly text: string } | null>;
  /** Presses one of the head's or a group's buttons. */
  act: Exchange<{ readonly id: string }, null>;
}

export interface ObjectAddress {
  readonly bucket: string;
  readonly key: string;
}

export type Method = keyof Requests;

/** From the page. It speaks first: `ready`. */
export type FromReport =
  | { readonly kind: 'ready' }
  | { readonly kind: 'state'; readonly state: ReportState }
  | { readonly kind: 'cancel'; readonly id: number }
  | {
      [M in Method]: {
        readonly kind: 'request';
        readonly id: number;
        readonly method: M;
        readonly params: Requests[M]['params'];
      };
    }[Method];

/** To the page. */
export type ToReport =
  | {
      readonly kind: 'start';
      readonly state: ReportState;
      /** Every text of the page, by its English. */
      readonly texts: Readonly<Record<string, string>>;
      readonly language: string;
      /** What is said until there is something to show. */
      readonly waiting: string;
    }
  | { readonly kind: 'head'; readonly head: ReportHead }
  /** There is nothing to show; `act` with the action tries again. */
  | { readonly kind: 'trouble'; readonly text: string; readonly actions: readonly ReportAction[] }
  | { readonly kind: 'reply'; readonly id: number; readonly result: unknown }
  | { readonly kind: 'failure'; readonly id: number; readonly error: ReportError };

/** An error as a person reads it. */
export interface ReportError {
  /** The code of a BrigadeError. */
  readonly code: string;
  readonly message: string;
}
