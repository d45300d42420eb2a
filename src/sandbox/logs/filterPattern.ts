import { notImplemented } from '../errors.ts';
import { parseJsonPattern } from './jsonPattern.ts';
import type { Predicate } from './jsonPattern.ts';
import { invalidCharacters } from './logsErrors.ts';
import { unescapeQuoted } from './quotedText.ts';

interface Term {
  /** Nothing: it must be there. `-`: it must not. `?`: one of these must. */
  readonly sign: '' | '-' | '?';
  readonly text: string;
}

const TERM = /\s*(-\s*|\?)?(?:"((?:[^"\\]|\\.)*)"|([\p{L}\p{N}_]+))(?=\s|$)/uy;

/**
 * Reads a filter pattern (CloudWatch Logs user guide, "Filter pattern syntax"): terms, which are found
 * anywhere and with their case, or a condition on JSON in braces.
 * @throws AwsError InvalidParameterException when it is malformed; NotImplemented for patterns of
 *   regular expressions and of fields between spaces
 */
export function parseFilterPattern(pattern: string): Predicate {
  const text = pattern.trim();
  if (text.startsWith('{')) return parseJsonPattern(text);
  if (text.startsWith('[')) throw notImplemented('space-delimited filter patterns');
  return ofTerms(readTerms(text));
}

function readTerms(text: string): Term[] {
  const terms: Term[] = [];
  TERM.lastIndex = 0;
  while (TERM.lastIndex < text.length) {
    const start = TERM.lastIndex;
    const match = TERM.exec(text);
    if (!match) throw refusedTerm(text.slice(start).replace(/^\s*[-?]?\s*/, ''));
    const [, sign = '', quoted, plain = ''] = match;
    const term = quoted === undefined ? plain : unescapeQuoted(quoted);
    terms.push({ sign: sign.trim() as Term['sign'], text: term });
  }
  return terms;
}

function refusedTerm(rest: string): Error {
  return rest.startsWith('%')
    ? notImplemented('filter patterns with regular expressions')
    : invalidCharacters(rest);
}

function ofTerms(terms: readonly Term[]): Predicate {
  const texts = (sign: Term['sign']): string[] =>
    terms.filter(term => term.sign === sign).map(term => term.text);
  const [included, excluded, optional] = [texts(''), texts('-'), texts('?')];
  // Beside terms that must or must not be there, AWS ignores those that may.
  if (included.length === 0 && excluded.length === 0 && optional.length > 0) {
    return message => optional.some(term => message.includes(term));
  }
  return message =>
    included.every(term => message.includes(term)) &&
    !excluded.some(term => message.includes(term));
}
