/** A command of S3's client, of whatever input and output: their types don't know each other. */
export interface S3Command {
  readonly input: object;
}

/** What differs from one request of an operation to the next. */
export interface LeanRequest {
  readonly bucket: string;
  readonly key: string;
  /** Parameters of the query that belong to this request alone: `partNumber` … */
  readonly query?: Readonly<Record<string, string>>;
  /** Headers that belong to this request alone, in lower case: `range` … */
  readonly headers?: Readonly<Record<string, string>>;
  /** As the SDK sends it for the same input. */
  readonly body?: Buffer | string;
  /** The same request by the SDK. */
  readonly command: () => S3Command;
}

/** A proven answer of S3 to a request that was made without the SDK. */
export interface LeanAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Streamed where the operation answers with an object's bytes, else what was read. */
  readonly body: AsyncIterable<Uint8Array> | Uint8Array | undefined;
}
