import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MathError } from '../../../../../src/sandbox/cloudwatch/math/mathError.ts';
import { parseExpression } from '../../../../../src/sandbox/cloudwatch/math/parseExpression.ts';
import type { Expression } from '../../../../../src/sandbox/cloudwatch/math/parseExpression.ts';

/** With a parenthesis around everything, so that only the tree counts. */
function show(expression: Expression): string {
  switch (expression.kind) {
    case 'number':
      return String(expression.value);
    case 'text':
      return `"${expression.value}"`;
    case 'name':
      return expression.name;
    case 'array':
      return `[${expression.items.map(show).join(',')}]`;
    case 'call':
      return `${expression.name}(${expression.args.map(show).join(',')})`;
    case 'negative':
      return `(-${show(expression.operand)})`;
    case 'binary': {
      // A word would join the names beside it.
      const operator = expression.operator.replace(/^\w+$/, ' $& ');
      return `(${show(expression.left)}${operator}${show(expression.right)})`;
    }
  }
}

const parsed = (text: string): string => show(parseExpression(text));

/** Pieces of which wrong expressions are made that almost make sense. */
const PIECES = [
  ...['m1', 'e', 'SUM', 'FILL', '(', ')', '[', ']', ',', '+', '-', '*', '/', '^', '<', '>=', '=='],
  ...['AND', '||', '1', '.5', '1e9', '"a"', "'b'", ' ', '\n', '"', '$', '.', 'é', '😀'],
];

describe('expressions of metric math', () => {
  it('bind as in mathematics', () => {
    expect(parsed('100 - 100 * errors / MAX([errors, invocations])')).toBe(
      '(100-((100*errors)/MAX([errors,invocations])))',
    );
    expect(parsed('-a^2')).toBe('(-(a^2))');
    expect(parsed('2^-3^2')).toBe('(2^(-(3^2)))');
    expect(parsed('a - b - c')).toBe('((a-b)-c)');
    expect(parsed('a<1&&b>2 OR c==3')).toBe('(((a<1) AND (b>2)) OR (c==3))');
    expect(parsed('FILL(METRICS("err"),REPEAT)')).toBe('FILL(METRICS("err"),REPEAT)');
    expect(parsed('.5+1.e2')).toBe('(0.5+100)');
  });

  it('may be as long as AWS allows', () => {
    expect(parsed(Array(1000).fill('m').join('+')).length).toBeGreaterThan(2000);
  });

  it.each([
    ['', 'ends too early'],
    ['1 +', 'ends too early'],
    ['m1 m2', 'Unexpected "m2" at column 4'],
    ['(m1', 'lacks a ")"'],
    ['SUM(m1,)', 'Unexpected ")" at column 8'],
    ['m1 % 2', 'Unexpected "%" at column 4'],
    ['"open', 'Unexpected """ at column 1'],
    ['m1 = 2', 'Unexpected "=" at column 4'],
    ['(', 'ends too early'],
    ['('.repeat(2000), 'nests too deeply'],
    ['-'.repeat(2000), 'nests too deeply'],
    [`2${'^2'.repeat(1000)}`, 'nests too deeply'],
  ])('say what is wrong with %#', (text, message) => {
    expect(() => parseExpression(text)).toThrow(message);
    expect(() => parseExpression(text)).toThrow(MathError);
  });

  it('are read or refused, whatever the text', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 100 }),
      fc.array(fc.constantFrom(...PIECES), { maxLength: 60 }).map(pieces => pieces.join('')),
    );
    fc.assert(
      fc.property(texts, text => {
        try {
          // What was read is read again as the same: nothing was dropped.
          const shown = parsed(text);
          expect(parsed(shown)).toBe(shown);
        } catch (error) {
          if (!(error instanceof MathError)) throw error;
        }
      }),
      { numRuns: 500 },
    );
  });
});
