import { MathError } from './mathError.ts';

export interface Token {
  readonly kind: 'number' | 'name' | 'text' | 'symbol';
  /** What it says, without the quotes of a text. */
  readonly text: string;
  /** From 1. */
  readonly column: number;
}

/** One alternative for each kind, in the order of KINDS. */
const TOKEN =
  /\s*(?:(\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)|([A-Za-z]\w*)|"([^"]*)"|'([^']*)'|(&&|\|\||[=!<>]=|[-+*/^<>()[\],]))/y;
const KINDS = ['number', 'name', 'text', 'text', 'symbol'] as const;

/** @throws MathError at the first character that begins none */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < end) {
    const start = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (!match) throw unknownCharacter(text, start);
    const group = KINDS.findIndex((_kind, index) => match[index + 1] !== undefined);
    const content = match[group + 1] ?? '';
    const kind = KINDS[group] ?? 'symbol';
    tokens.push({ kind, text: content, column: start + match[0].search(/\S/) + 1 });
  }
  return tokens;
}

function unknownCharacter(text: string, start: number): MathError {
  const column = start + text.slice(start).search(/\S/);
  const character = String.fromCodePoint(text.codePointAt(column) ?? 0);
  return new MathError(`Unexpected "${character}" at column ${column + 1}.`);
}
