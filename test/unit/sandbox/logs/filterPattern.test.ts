import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AwsError } from '../../../../src/sandbox/errors.ts';
import { parseFilterPattern } from '../../../../src/sandbox/logs/filterPattern.ts';

const matches = (pattern: string, message: string): boolean => parseFilterPattern(pattern)(message);

describe('filter patterns of terms', () => {
  it.each([
    ['', 'anything', true],
    ['""', 'anything', true],
    ['ERROR', '[ERROR] A fatal exception has occurred', true],
    ['ERROR', 'Exiting with ERRORCODE: -1', true],
    ['error', '[ERROR]', false],
    ['ERROR Exception', '[ERROR] Caught IllegalArgumentException', true],
    ['ERROR Exception', '[ERROR]', false],
    ['"ERROR" -"Exiting"', 'Exiting with ERRORCODE: -1', false],
    ['"ERROR" - "Exiting"', 'Exiting with ERRORCODE: -1', false],
    ['"ERROR" - "Exiting"', 'ERROR', true],
    ['"a b"', 'a  b', false],
    ['"say \\"hi\\" \\\\"', 'say "hi" \\', true],
    ['?ERROR ?WARN', 'WARN', true],
    ['?ERROR ?WARN', 'INFO', false],
    ['?"a b" ?c', 'a b', true],
    ['INFO ?ERROR', 'INFO', true],
    ['INFO ?ERROR', 'ERROR', false],
    ['-x', 'y', true],
    ['größe_1', 'größe_1', true],
  ])('%j of %j', (pattern, message, expected) => {
    expect(matches(pattern, message)).toBe(expected);
  });

  it.each([
    ['a-b', '-'],
    ['RequestId:', ':'],
    ['?Status: timeout', ':'],
    ['a, b', ','],
    ['(', '('],
    ['"open', '"'],
    ['a*', '*'],
  ])('refuse characters that need quotes: %s', (pattern, character) => {
    expect(() => parseFilterPattern(pattern)).toThrow(
      `Invalid character(s) in term '${character}'`,
    );
  });

  it.each(['[ip, user, ...]', '%a+b%', 'ERROR -%a+b%'])(
    'answer 501 to what only AWS has: %s',
    pattern => {
      expect(() => parseFilterPattern(pattern)).toThrow('does not implement');
    },
  );
});

describe('filter patterns of JSON', () => {
  const event = {
    level: 'error',
    'detail-type': 'x',
    outcome: 'failed',
    bytes: 12.5,
    ok: true,
    nothing: null,
    tags: ['a', { deep: [1, 2] }],
    star: 'a*b',
  };
  it.each([
    ['{ $.level = "error" }', true],
    ['{ $.level = error }', true],
    ['{$.level="ERROR"}', false],
    ['{ $.level != "info" }', true],
    ['{ $.missing != "info" }', false],
    ['{ $.level = "e*r" && $.outcome = f* }', true],
    ['{ $.level = "*" }', true],
    ['{ $.level = "er*xr" }', false],
    ['{ $.level = "err*ror" }', false],
    ['{ $.bytes > 12 && $.bytes <= 12.5 && $.bytes != 13 }', true],
    ['{ $.bytes = "12.5" }', false],
    ['{ $.bytes < -1e3 }', false],
    ['{ $.detail-type = x }', true],
    ['{ $.tags[0] = a && $.tags[1].deep[1] = 2 }', true],
    ['{ $.tags.length = 2 }', false],
    ['{ $.nothing IS NULL }', true],
    ['{ $.missing IS NULL }', false],
    ['{ $.ok IS TRUE }', true],
    ['{ $.ok is false }', false],
    ['{ $.missing NOT EXISTS && $.toString NOT EXISTS }', true],
    ['{ $.nothing NOT EXISTS }', false],
    ['{ ($.level = a || $.ok IS TRUE) && ($.outcome = failed) }', true],
    ['{ $.level = a && $.x = b || $.ok IS TRUE }', true],
  ])('%s', (pattern, expected) => {
    expect(matches(pattern, JSON.stringify(event))).toBe(expected);
    expect(matches(pattern, 'no JSON')).toBe(false);
    expect(matches(pattern, '[]')).toBe(pattern.includes('NOT EXISTS'));
  });

  it.each([
    '{',
    '{}',
    '{ $.a }',
    '{ $.a = }',
    '{ $.a = 1',
    '{ $.a = 1 } x',
    '{ a = 1 }',
    '{ $.a > "text" }',
    '{ $.a IS 5 }',
    '{ $.a NOT THERE }',
    '{ $."a b" = 1 }',
    `{ ${'('.repeat(500)} }`,
  ])('refuse %s', pattern => {
    expect(() => parseFilterPattern(pattern)).toThrow(/^Invalid /);
  });

  it.each(['{ $.a = %b% }', '{ $.a[*] = 1 }', '{ $.* = 1 }', "{ $.a['b.c'] = 1 }"])(
    'answer 501 to %s',
    pattern => {
      expect(() => parseFilterPattern(pattern)).toThrow('does not implement');
    },
  );
});

it('patterns are read or refused, whatever the text, and never fail on a message', () => {
  const piece = fc.constantFrom(
    ...['{', '}', '$.a', '$.b[0]', '=', '!=', '>', '&&', '||', '(', ')', 'IS', 'NULL', 'NOT'],
    ...['EXISTS', '"x"', '5', '*', ' ', '-', '?', 'word', '"', '\\', '%', '[', '😀'],
  );
  const pattern = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 50 }),
    fc.array(piece, { maxLength: 30 }).map(parts => parts.join('')),
    fc.array(piece, { maxLength: 30 }).map(parts => `{${parts.join(' ')}}`),
  );
  const message = fc.oneof(fc.string(), fc.json());
  fc.assert(
    fc.property(pattern, message, (text, line) => {
      let predicate;
      try {
        predicate = parseFilterPattern(text);
      } catch (error) {
        expect(error).toBeInstanceOf(AwsError);
        return;
      }
      expect(typeof predicate(line)).toBe('boolean');
    }),
    { numRuns: 500 },
  );
});
