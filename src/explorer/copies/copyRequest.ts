import type { CopyOrder, OnConflict } from '../../aws/copies/copies.ts';
import type { Session } from '../../services.ts';
import type { Origin } from './reach.ts';

/** What is copied or moved, and to which bucket of a connection. */
export interface CopyRequest {
  readonly session: Session;
  /** Whose it is, where it may be another connection's. */
  readonly from?: Origin | undefined;
  readonly orders: readonly CopyOrder[];
  readonly bucket: string;
  /** How it is asked about; `renamed` has been by its new name where it is a single object. */
  readonly as: 'copy' | 'move' | 'rename' | 'copyOrMove';
  /** Answers that are known already: nothing is asked then. */
  readonly answers?: CopyAnswers;
}

export interface CopyAnswers {
  readonly skipConfirmation?: boolean;
  readonly onConflict?: OnConflict;
}
