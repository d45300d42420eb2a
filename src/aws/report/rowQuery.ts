/** Which rows of a report, in which order. */
export interface RowQuery {
  readonly status?: 'succeeded' | 'failed';
  /** The numbers of failure groups in the summary, of whose rows only some are wanted. */
  readonly groups?: readonly number[];
  /** In what is shown of a row, ignoring case. */
  readonly text?: string;
  /** That of the report when absent. */
  readonly sort?: { readonly by: 'key' | 'error'; readonly descending: boolean };
}
