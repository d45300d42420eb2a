import { notImplemented } from '../errors.ts';
import { invalidCharacters, invalidParameter } from './logsErrors.ts';
import { unescapeQuoted } from './quotedText.ts';

/** Whether a log event's message matches. */
export type Predicate = (message: string) => boolean;

type Condition = (event: unknown) => boolean;
type Comparison = '=' | '!=' | '<' | '>' | '<=' | '>=';
interface Operand {
  readonly text: string;
  readonly quoted: boolean;
}

/** How deep parentheses may nest. */
const MAX_NESTED = 50;

/** One alternative for each kind, in the order of KINDS. */
const TOKEN =
  /\s*(?:(\$(?:\.[\w-]+|\[\d+\])+)|"((?:[^"\\]|\\.)*)"|(&&|\|\||!=|<=|>=|[=<>(){}])|([-\w.*]+))/y;
const KINDS = ['selector', 'text', 'symbol', 'word'] as const;

interface Token {
  readonly kind: (typeof KINDS)[number];
  readonly text: string;
}

/**
 * Reads `{ $.level = "error" && $.duration > 100 }`: comparisons with texts (`*` stands for anything) and
 * numbers, IS NULL, IS TRUE, IS FALSE, NOT EXISTS, `&&`, `||` and parentheses.
 * @throws AwsError InvalidParameterException when it is malformed
 */
export function parseJsonPattern(text: string): Predicate {
  const condition = new Parser(tokenize(text)).whole();
  return message => {
    try {
      return condition(JSON.parse(message));
    } catch {
      return false;
    }
  };
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const start = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    const rest = text.slice(start).trimStart();
    if (rest.startsWith('%')) throw notImplemented('filter patterns with regular expressions');
    if (/^\$[\w.[\]-]*\*/.test(rest))
      throw notImplemented('filter patterns with wildcard selectors');
    if (/^\$[\w.[\]-]*\[['"]/.test(rest))
      throw notImplemented('filter patterns with quoted selectors');
    if (rest === '') return tokens;
    if (!match) throw invalidCharacters(rest);
    const group = KINDS.findIndex((_kind, index) => match[index + 1] !== undefined);
    tokens.push({ kind: KINDS[group] ?? 'word', text: match[group + 1] ?? '' });
  }
  return tokens;
}

class Parser {
  private readonly tokens: readonly Token[];
  private position = 0;
  private depth = 0;

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  whole(): Condition {
    this.expect('{');
    const condition = this.any();
    this.expect('}');
    if (this.next !== undefined) throw malformed(this.next.text);
    return condition;
  }

  private get next(): Token | undefined {
    return this.tokens[this.position];
  }

  private any(): Condition {
    const conditions = [this.all()];
    while (this.take('||')) conditions.push(this.all());
    return event => conditions.some(condition => condition(event));
  }

  private all(): Condition {
    const conditions = [this.one()];
    while (this.take('&&')) conditions.push(this.one());
    return event => conditions.every(condition => condition(event));
  }

  private one(): Condition {
    if (this.take('(')) {
      this.depth += 1;
      if (this.depth > MAX_NESTED) throw malformed('(');
      const inner = this.any();
      this.expect(')');
      this.depth -= 1;
      return inner;
    }
    const path = readPath(this.token('selector'));
    if (this.takeWord('IS')) return this.is(path);
    if (this.takeWord('NOT')) {
      this.expectWord('EXISTS');
      return event => select(event, path) === undefined;
    }
    return this.comparison(path);
  }

  private is(path: readonly (string | number)[]): Condition {
    const word = this.token('word').toUpperCase();
    const values = new Map<string, unknown>([
      ['NULL', null],
      ['TRUE', true],
      ['FALSE', false],
    ]);
    if (!values.has(word)) throw malformed(word);
    const value = values.get(word);
    return event => select(event, path) === value;
  }

  private comparison(path: readonly (string | number)[]): Condition {
    const operator = this.token('symbol');
    if (!isComparison(operator)) throw malformed(operator);
    const operand = this.operand();
    const test = compare(operator, operand);
    return event => test(select(event, path));
  }

  private operand(): Operand {
    const { next } = this;
    if (next?.kind !== 'text' && next?.kind !== 'word') throw malformed(next?.text ?? '');
    this.position += 1;
    return { text: next.text, quoted: next.kind === 'text' };
  }

  private token(kind: Token['kind']): string {
    const { next } = this;
    if (next?.kind !== kind) throw malformed(next?.text ?? '');
    this.position += 1;
    return next.text;
  }

  private take(symbol: string): boolean {
    if (this.next?.kind !== 'symbol' || this.next.text !== symbol) return false;
    this.position += 1;
    return true;
  }

  private takeWord(word: string): boolean {
    if (this.next?.kind !== 'word' || this.next.text.toUpperCase() !== word) return false;
    this.position += 1;
    return true;
  }

  private expect(symbol: string): void {
    if (!this.take(symbol)) throw malformed(this.next?.text ?? '');
  }

  private expectWord(word: string): void {
    if (!this.takeWord(word)) throw malformed(this.next?.text ?? '');
  }
}

function isComparison(text: string): text is Comparison {
  return ['=', '!=', '<', '>', '<=', '>='].includes(text);
}

/** `$.a[0].b-c` as its steps. */
function readPath(selector: string): (string | number)[] {
  return [...selector.matchAll(/\.([\w-]+)|\[(\d+)\]/g)].map(
    ([, name, index]) => name ?? Number(index),
  );
}

function select(event: unknown, path: readonly (string | number)[]): unknown {
  let value = event;
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    const listed = Array.isArray(value) === (typeof step === 'number');
    if (!listed || !Object.hasOwn(value, step)) return undefined;
    value = (value as Readonly<Record<string | number, unknown>>)[step];
  }
  return value;
}

/** A word that is a number compares numbers; everything else compares texts, by `=` and `!=` only. */
function compare(operator: Comparison, { text, quoted }: Operand): Condition {
  const number = Number(text);
  if (!quoted && text !== '' && Number.isFinite(number)) return compareNumber(operator, number);
  if (operator !== '=' && operator !== '!=') throw malformed(text);
  const parts = (quoted ? unescapeQuoted(text) : text).split('*');
  const wanted = operator === '=';
  return value => typeof value === 'string' && matchesParts(value, parts) === wanted;
}

function compareNumber(operator: Comparison, number: number): Condition {
  const tests: Readonly<Record<Comparison, (value: number) => boolean>> = {
    '=': value => value === number,
    '!=': value => value !== number,
    '<': value => value < number,
    '>': value => value > number,
    '<=': value => value <= number,
    '>=': value => value >= number,
  };
  const test = tests[operator];
  return value => typeof value === 'number' && test(value);
}

/** Whether a text is these parts with anything between them. */
function matchesParts(text: string, parts: readonly string[]): boolean {
  const [first = '', ...rest] = parts;
  if (rest.length === 0) return text === first;
  if (!text.startsWith(first)) return false;
  const last = rest.pop() ?? '';
  let position = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, position);
    if (found === -1) return false;
    position = found + part.length;
  }
  return text.length - last.length >= position && text.endsWith(last);
}

function malformed(at: string): Error {
  return invalidParameter(`Invalid metric filter pattern near '${at}'`);
}
