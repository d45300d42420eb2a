/** Where the bytes of a body go as they come. */
export interface BodySink {
  /** Where the next ones go: never empty. */
  room(): Uint8Array;
  /** So many have come. No more come before the promise resolves; where it rejects the exchange fails. */
  take(bytes: number): Promise<void> | undefined;
}

/** A body of so many bytes, and where they go. */
export interface SinkedBody {
  readonly bytes: number;
  readonly sink: BodySink;
}
