import { AwsError, notImplemented } from './errors.ts';

/** How a service reads requests. */
export interface InputRules {
  /** The operation's name, for errors. */
  readonly operation: string;
  /** Numbers, booleans and times came as text (query protocol). */
  readonly textual: boolean;
  /** The service's error for a member that must be there, by its path. */
  readonly missing: (path: string) => AwsError;
}

type Members = Readonly<Record<string, unknown>>;

/**
 * The members of a structure in a request, whatever protocol it came by. Reading one of another type
 * throws the SerializationException that AWS answers.
 */
export class Input {
  private readonly members: Members;
  private readonly rules: InputRules;
  private readonly path: string;

  /** @param path where the structure stands, e.g. `MetricData.member.1.`; empty: the request itself. */
  constructor(members: unknown, rules: InputRules, path = '') {
    if (!isMembers(members)) throw serializationError(path.slice(0, -1) || 'the request');
    this.members = members;
    this.rules = rules;
    this.path = path;
  }

  /** The path of a member as AWS names it in errors. */
  pathOf(name: string): string {
    return this.path + name;
  }

  has(name: string): boolean {
    return this.value(name) !== undefined;
  }

  /**
   * Refuses members that the sandbox does not know, which may change what the caller expects.
   * @throws AwsError NotImplemented 501 with the operation and the member
   */
  only(...names: readonly string[]): void {
    for (const name of Object.keys(this.members)) {
      if (names.includes(name) || !this.has(name)) continue;
      throw notImplemented(`${this.rules.operation} with ${this.pathOf(name)}`);
    }
  }

  text(name: string): string | undefined {
    const value = this.value(name);
    if (value === undefined || typeof value === 'string') return value;
    throw serializationError(this.pathOf(name));
  }

  /** @throws AwsError the service's own when it is absent or empty */
  requiredText(name: string): string {
    return this.text(name) || this.missing(name);
  }

  number(name: string): number | undefined {
    return this.toNumber(this.value(name), this.pathOf(name));
  }

  wholeNumber(name: string): number | undefined {
    const value = this.number(name);
    if (value === undefined || Number.isSafeInteger(value)) return value;
    throw serializationError(this.pathOf(name));
  }

  flag(name: string): boolean | undefined {
    const value = this.value(name);
    if (value === undefined || typeof value === 'boolean') return value;
    if (this.rules.textual && (value === 'true' || value === 'false')) return value === 'true';
    throw serializationError(this.pathOf(name));
  }

  /** A time: seconds since 1970 in JSON, a tagged number in CBOR, ISO 8601 in the query protocol. */
  time(name: string): Date | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    if (this.rules.textual) return isoTime(value);
    const time = value instanceof Date ? value : secondsTime(value);
    // The last millisecond that a Date of JavaScript can be is past every time that AWS takes.
    if (Number.isNaN(time.getTime())) throw serializationError(this.pathOf(name));
    return time;
  }

  requiredTime(name: string): Date {
    return this.time(name) ?? this.missing(name);
  }

  requiredNumber(name: string): number {
    return this.number(name) ?? this.missing(name);
  }

  requiredWholeNumber(name: string): number {
    return this.wholeNumber(name) ?? this.missing(name);
  }

  /** A structure; undefined when it is absent. */
  child(name: string): Input | undefined {
    const value = this.value(name);
    return value === undefined ? undefined : new Input(value, this.rules, `${this.pathOf(name)}.`);
  }

  requiredChild(name: string): Input {
    return this.child(name) ?? this.missing(name);
  }

  /** A list of structures; none when it is absent. */
  children(name: string): Input[] {
    return this.list(name).map(
      (value, index) => new Input(value, this.rules, `${this.pathOf(name)}.member.${index + 1}.`),
    );
  }

  texts(name: string): string[] {
    return this.list(name).map(value => {
      if (typeof value !== 'string') throw serializationError(this.pathOf(name));
      return value;
    });
  }

  /** A map of texts; undefined when it is absent. */
  textMap(name: string): Readonly<Record<string, string>> | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    if (!isMembers(value) || !Object.values(value).every(text => typeof text === 'string')) {
      throw serializationError(this.pathOf(name));
    }
    return value as Readonly<Record<string, string>>;
  }

  numbers(name: string): number[] {
    return this.list(name).map(value => {
      const number = this.toNumber(value, this.pathOf(name));
      if (number === undefined) throw serializationError(this.pathOf(name));
      return number;
    });
  }

  /** What a member holds, of whatever type. */
  value(name: string): unknown {
    const value = Object.hasOwn(this.members, name) ? this.members[name] : undefined;
    return value ?? undefined;
  }

  private list(name: string): readonly unknown[] {
    const value = this.value(name);
    // The query protocol writes an empty list as an empty text.
    if (value === undefined || (this.rules.textual && value === '')) return [];
    if (!Array.isArray(value)) throw serializationError(this.pathOf(name));
    return value;
  }

  private toNumber(value: unknown, path: string): number | undefined {
    if (value === undefined || typeof value === 'number') return value;
    // JSON has no NaN and no infinity, so they are words there.
    const word = value === 'NaN' || value === 'Infinity' || value === '-Infinity';
    if (word || (this.rules.textual && isDecimal(value))) return Number(value);
    throw serializationError(path);
  }

  private missing(name: string): never {
    throw this.rules.missing(this.pathOf(name));
  }
}

/** Lists, times and bytes are objects too, but of another prototype. */
function isMembers(value: unknown): value is Members {
  return (
    typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
  );
}

function isDecimal(value: unknown): boolean {
  const decimal = typeof value === 'string' && /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(value);
  return decimal && Number.isFinite(Number(value));
}

function secondsTime(value: unknown): Date {
  return new Date(typeof value === 'number' ? value * 1000 : Number.NaN);
}

const ISO_8601 = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d([.]\d+)?)?(Z|[-+]\d\d:?\d\d)?)?$/;

/** Without an offset it is UTC, wherever the sandbox runs. @throws AwsError MalformedInput when it is no time */
function isoTime(value: unknown): Date {
  const match = typeof value === 'string' ? ISO_8601.exec(value) : null;
  if (match) {
    const [text, clock, , , offset] = match;
    const time = new Date(clock !== undefined && offset === undefined ? `${text}Z` : text);
    if (!Number.isNaN(time.getTime())) return time;
  }
  throw new AwsError('MalformedInput', 400, 'timestamp must follow ISO8601');
}

/** AWS's answer to a body that is not of the operation's shape. */
export function serializationError(what: string): AwsError {
  return new AwsError('SerializationException', 400, `${what} has an unexpected type or form.`);
}
