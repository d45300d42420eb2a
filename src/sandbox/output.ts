/** What an operation answers, before a protocol writes it. */
export type OutputValue =
  string | number | boolean | undefined | Timestamp | OutputMap | readonly OutputValue[] | Output;

export interface Output {
  readonly [name: string]: OutputValue;
}

/** A time: a number in JSON, ISO 8601 in XML, a tagged number in CBOR. */
export class Timestamp {
  readonly seconds: number;

  /** @param seconds since 1970 */
  constructor(seconds: number) {
    this.seconds = seconds;
  }

  toJSON(): number {
    return this.seconds;
  }

  toString(): string {
    return new Date(this.seconds * 1000).toISOString().replace('.000Z', 'Z');
  }
}

/** A map, whose entries are elements of their own in XML. */
export class OutputMap {
  readonly entries: readonly (readonly [string, OutputValue])[];

  constructor(entries: readonly (readonly [string, OutputValue])[]) {
    this.entries = entries;
  }

  toJSON(): Record<string, OutputValue> {
    return Object.fromEntries(this.entries);
  }
}
