import type { CallOptions } from '../call.ts';

export interface TransferOptions extends CallOptions {
  /** Bytes sent or received so far, and in all where that is known. */
  readonly onProgress?: (done: number, total?: number) => void;
}
