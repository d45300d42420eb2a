/**
 * A glob as a regular expression of the whole key: `*` and `?` within a segment, two asterisks across
 * them (followed by a slash: any number of whole segments, none too), `[a-z]`, `[!a-z]`, `{a,b}`, and
 * `\` before what stands for itself.
 *
 * @returns undefined where a bracket is not closed
 */
export function globToRegExp(glob: string): RegExp | undefined {
  let depth = 0;
  let source = '';
  for (const [token] of glob.matchAll(TOKENS)) {
    if (token === '{') depth += 1;
    if (token === '}') depth -= 1;
    if (token === '[' || depth < 0) return undefined;
    source += translate(token, depth);
  }
  if (depth !== 0) return undefined;
  try {
    return new RegExp(`^(?:${source})$`, 'us');
  } catch {
    return undefined;
  }
}

const TOKENS = /\*\*\/|\*\*|\*|\?|\[!?\]?[^\]]*\]|\{|\}|,|\\.|./gsu;

const WILDCARDS: Readonly<Record<string, string>> = {
  '**/': '(?:.*/)?',
  '**': '.*',
  '*': '[^/]*',
  '?': '[^/]',
  '{': '(?:',
  '}': ')',
};

function translate(token: string, depth: number): string {
  const wildcard = WILDCARDS[token];
  if (wildcard !== undefined) return wildcard;
  if (token === ',' && depth > 0) return '|';
  if (token.length > 2 && token.startsWith('[')) return characterClass(token);
  return escaped(token.length > 1 && token.startsWith('\\') ? token.slice(1) : token);
}

function characterClass(token: string): string {
  const negated = token.startsWith('[!');
  const inner = token.slice(negated ? 2 : 1, -1);
  // No segment's wildcard takes a slash.
  const kept = inner.replace(/[\\\]^]/g, '\\$&');
  return negated ? `(?!/)[^${kept}]` : `(?!/)[${kept}]`;
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
