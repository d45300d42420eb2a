/** One code unit to match literally, or one of the two wildcards. */
export type Token = string;

const ANY: Token = 'any';
const ONE: Token = 'one';
const VARIABLE = /^\$\{([^}]*)\}/;

/** Answers the value of a policy variable such as `aws:userid`. */
export type VariableLookup = (name: string) => string | undefined;

/** Whether a pattern holds a policy variable (`${aws:userid}`), so that it differs per request. */
export function hasVariable(pattern: string): boolean {
  return pattern.includes('${');
}

/** How texts of a policy are to be read. */
export type PolicyText = (text: string) => string;

/**
 * Policies of versions before 2012-10-17 have no variables: what looks like one stands for itself (IAM
 * user guide, "Policy variables").
 */
export function textOfVersion(version: unknown): PolicyText {
  return version === '2012-10-17' ? text => text : text => text.replaceAll('${', '${$}{');
}

/**
 * Splits a pattern of a policy into tokens: `*` is any run of characters, `?` one character, `${key}`
 * a policy variable (with `${key, 'default'}`), and `${*}`, `${?}`, `${$}` those characters themselves.
 * Answers undefined when a variable has no value, which means that nothing matches.
 */
export function tokenize(pattern: string, lookup?: VariableLookup): Token[] | undefined {
  const tokens: Token[] = [];
  for (let index = 0; index < pattern.length;) {
    const variable = pattern[index] === '$' ? VARIABLE.exec(pattern.slice(index)) : null;
    if (variable !== null) {
      const value = variableValue(variable[1] ?? '', lookup);
      if (value === undefined) return undefined;
      tokens.push(...value.split(''));
      index += variable[0].length;
      continue;
    }
    const character = pattern[index] ?? '';
    tokens.push(character === '*' ? ANY : character === '?' ? ONE : character);
    index += 1;
  }
  return tokens;
}

function variableValue(body: string, lookup: VariableLookup | undefined): string | undefined {
  if (body === '*' || body === '?' || body === '$') return body;
  const [name = '', fallback] = body.split(/,\s*/, 2);
  return lookup?.(name.trim()) ?? fallback?.replace(/^'|'$/g, '');
}

/**
 * Whether the text matches the whole pattern. Takes at most pattern × text steps, however many stars
 * there are, which a regular expression would not.
 */
export function matches(tokens: readonly Token[], text: string): boolean {
  let at = 0;
  let position = 0;
  let star = -1;
  let resume = 0;
  while (position < text.length) {
    const token = tokens[at];
    if (token === ANY) {
      star = at++;
      resume = position;
    } else if (token === ONE) {
      at += 1;
      position += characterLength(text, position);
    } else if (token !== undefined && token === text[position]) {
      at += 1;
      position += 1;
    } else if (star >= 0) {
      at = star + 1;
      resume += 1;
      position = resume;
    } else {
      return false;
    }
  }
  while (tokens[at] === ANY) at += 1;
  return at === tokens.length;
}

/** A character outside the basic plane is two code units, and one to `?`. */
function characterLength(text: string, position: number): number {
  return (text.codePointAt(position) ?? 0) > 0xffff ? 2 : 1;
}
