/** A row of the Transfers view. What it says is looked up when it is drawn. */
export interface TransferRow {
  readonly kind: 'transfer';
  readonly transferId: string;
}

export interface FailureRow {
  readonly kind: 'transferFailure';
  readonly transferId: string;
  /** Which of the failures; absent for what stopped the transfer. */
  readonly index?: number;
}

export interface MoreFailuresRow {
  readonly kind: 'moreFailures';
  readonly transferId: string;
  readonly count: number;
}

export type Row = TransferRow | FailureRow | MoreFailuresRow;
