import { MathError } from './mathError.ts';
import { tokenize } from './tokenize.ts';
import type { Token } from './tokenize.ts';

export type BinaryOperator =
  ('+' | '-' | '*' | '/' | '^') | ('==' | '!=' | '<=' | '>=' | '<' | '>') | ('AND' | 'OR');

export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  /** An Id (it begins with a small letter) or a word of a function, as REPEAT. */
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] }
  | { readonly kind: 'array'; readonly items: readonly Expression[] }
  | { readonly kind: 'negative'; readonly operand: Expression }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    };

/** How deep parentheses, calls and signs may nest: far from where the stack ends. */
const MAX_NESTED = 100;

/** From the loosest to the tightest; all but the power associate to the left. */
const LEVELS: readonly (readonly BinaryOperator[])[] = [
  ['OR'],
  ['AND'],
  ['==', '!=', '<=', '>=', '<', '>'],
  ['+', '-'],
  ['*', '/'],
];
const SPELLINGS: Readonly<Record<string, BinaryOperator | undefined>> = { '&&': 'AND', '||': 'OR' };

/**
 * Reads an expression of metric math.
 * @throws MathError when it is none
 */
export function parseExpression(text: string): Expression {
  return new Parser(tokenize(text)).whole();
}

class Parser {
  private readonly tokens: readonly Token[];
  private position = 0;
  private depth = 0;

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  whole(): Expression {
    const expression = this.binary(0);
    if (this.next !== undefined) throw this.unexpected();
    return expression;
  }

  private get next(): Token | undefined {
    return this.tokens[this.position];
  }

  private binary(level: number): Expression {
    const operators = LEVELS[level];
    if (!operators) return this.sign();
    let left = this.binary(level + 1);
    for (;;) {
      const operator = this.operator(operators);
      if (operator === undefined) return left;
      left = { kind: 'binary', operator, left, right: this.binary(level + 1) };
    }
  }

  private operator(operators: readonly BinaryOperator[]): BinaryOperator | undefined {
    const { next } = this;
    if (next?.kind !== 'symbol' && next?.kind !== 'name') return undefined;
    const spelled = SPELLINGS[next.text] ?? next.text;
    const operator = operators.find(candidate => candidate === spelled);
    if (operator !== undefined) this.position += 1;
    return operator;
  }

  private sign(): Expression {
    if (!this.take('-')) return this.power();
    return this.nested(() => ({ kind: 'negative', operand: this.sign() }));
  }

  private power(): Expression {
    const left = this.primary();
    if (!this.take('^')) return left;
    const right = this.nested(() => this.sign());
    return { kind: 'binary', operator: '^', left, right };
  }

  private primary(): Expression {
    const token = this.next;
    if (token === undefined) throw new MathError('The expression ends too early.');
    if (token.kind === 'symbol') return this.group();
    this.position += 1;
    if (token.kind === 'number') return { kind: 'number', value: Number(token.text) };
    if (token.kind === 'text') return { kind: 'text', value: token.text };
    if (!this.take('(')) return { kind: 'name', name: token.text };
    return this.nested(() => ({ kind: 'call', name: token.text, args: this.list(')') }));
  }

  private group(): Expression {
    if (this.take('[')) return this.nested(() => ({ kind: 'array', items: this.list(']') }));
    if (!this.take('(')) throw this.unexpected();
    return this.nested(() => {
      const inner = this.binary(0);
      this.expect(')');
      return inner;
    });
  }

  private list(end: ')' | ']'): Expression[] {
    const items: Expression[] = [];
    if (this.take(end)) return items;
    do items.push(this.binary(0));
    while (this.take(','));
    this.expect(end);
    return items;
  }

  private nested<Result>(read: () => Result): Result {
    this.depth += 1;
    if (this.depth > MAX_NESTED) throw new MathError('The expression nests too deeply.');
    const result = read();
    this.depth -= 1;
    return result;
  }

  private take(symbol: string): boolean {
    if (this.next?.kind !== 'symbol' || this.next.text !== symbol) return false;
    this.position += 1;
    return true;
  }

  private expect(symbol: string): void {
    if (this.take(symbol)) return;
    if (this.next === undefined) throw new MathError(`The expression lacks a "${symbol}".`);
    throw this.unexpected();
  }

  private unexpected(): MathError {
    const { text = '', column = 1 } = this.next ?? {};
    return new MathError(`Unexpected "${text}" at column ${column}.`);
  }
}
