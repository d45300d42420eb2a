import type { TreeItem } from 'vscode';
import type { JobTarget } from '../commands.ts';

/** A job. Commands take it as their target: it has the shape of `JobTarget`. */
export interface JobRow extends JobTarget {
  readonly kind: 'job';
  readonly region: string;
}

/** A fact about a job: one line, or one with lines below it. */
export interface FactRow {
  readonly kind: 'fact';
  readonly parent: JobRow | FactRow;
  readonly item: TreeItem;
  readonly children: readonly FactRow[];
}

/** `Load More`, or what went wrong with a Retry. */
export interface ActionRow {
  readonly kind: 'action';
  readonly parent?: JobRow;
  readonly item: TreeItem;
}

export type Row = JobRow | FactRow | ActionRow;
