import type { TreeItem } from 'vscode';
import type { JobTarget } from '../../commands.ts';

/** Stands at the top when several connections are open: its jobs are below it. */
export interface ConnectionRow {
  readonly kind: 'connection';
  readonly connectionId: string;
}

/** A job. Commands take it as their target: it has the shape of `JobTarget`. */
export interface JobRow extends JobTarget {
  readonly kind: 'job';
  readonly id: string;
  /** Where several connections are open. */
  readonly parent?: ConnectionRow;
  readonly region: string;
}

/** A fact about a job: one line, or one with lines below it. */
export interface FactRow {
  readonly kind: 'fact';
  readonly parent: JobRow | FactRow;
  readonly item: TreeItem;
  readonly children: readonly FactRow[];
}

/** `Load More`, what went wrong with a Retry, or that there is nothing. */
export interface ActionRow {
  readonly kind: 'action';
  readonly parent?: JobRow | ConnectionRow;
  readonly item: TreeItem;
}

export type Row = ConnectionRow | JobRow | FactRow | ActionRow;
