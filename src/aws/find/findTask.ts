import type { Listing } from '../selection/selection.ts';

export interface FindObjectsInput {
  /** Where, and what: one for each bucket. */
  readonly listings: readonly Listing[];
  /** A local file for what is found (`foundFile.ts`); written over. */
  readonly file: string;
}

export interface FindProgress {
  /** Milliseconds since 1970; another one when it had to start again, and the file with it. */
  readonly begun: number;
  /** Objects looked at. */
  readonly seen: number;
  readonly found: number;
  /** Of all that was found. */
  readonly bytes: number;
  /** Of the file; that far it holds whole rows. */
  readonly length: number;
  readonly seconds: number;
}
