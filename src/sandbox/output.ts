/** What an operation answers, before a protocol writes it. */
export type OutputValue =
  | string
  | number
  | boolean
  | undefined
  | Double
  | Timestamp
  | OutputMap
  | readonly OutputValue[]
  | Output;

export interface Output {
  readonly [name: string]: OutputValue;
}

/** A number that is written as a fraction also when it is whole: `41.0`, as AWS writes its doubles. */
export class Double {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }

  toJSON(): unknown {
    return Number.isInteger(this.value) ? rawJson(this.toString()) : this.value;
  }

  toString(): string {
    const text = String(this.value);
    return /^-?\d+$/.test(text) ? `${text}.0` : text;
  }
}

/** What `JSON.stringify` writes as it is (ECMAScript's "JSON.parse source text access"). */
const { rawJSON: rawJson } = JSON as typeof JSON & { rawJSON: (text: string) => unknown };

/** A time: a number in JSON, ISO 8601 in XML, a tagged number in CBOR. */
export class Timestamp {
  readonly seconds: number;

  /** @param seconds since 1970 */
  constructor(seconds: number) {
    this.seconds = seconds;
  }

  toJSON(): unknown {
    return new Double(this.seconds).toJSON();
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
