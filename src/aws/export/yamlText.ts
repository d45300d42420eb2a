/** What a template holds: plain JSON. */
export type Json = string | number | boolean | readonly Json[] | { readonly [key: string]: Json };

/**
 * A value as YAML that a parser of YAML 1.1 reads (CloudFormation's) and one of 1.2 alike: strings that
 * could be taken for something else are in quotation marks, code is a block of its own.
 *
 * @param indent columns before each line
 */
export function yamlText(value: Json, indent = 0): string {
  const pad = ' '.repeat(indent);
  if (Array.isArray(value)) {
    if (value.length === 0) return `${pad}[]`;
    return value
      .map(item => `${pad}- ${yamlText(item as Json, indent + 2).trimStart()}`)
      .join('\n');
  }
  if (typeof value !== 'object') return `${pad}${scalar(value, indent)}`;
  const entries = Object.entries(value as { readonly [key: string]: Json });
  if (entries.length === 0) return `${pad}{}`;
  return entries.map(([key, item]) => `${pad}${keyText(key)}:${after(item, indent)}`).join('\n');
}

function after(item: Json, indent: number): string {
  const isEmpty = typeof item === 'object' && Object.keys(item).length === 0;
  if (typeof item !== 'object') return ` ${scalar(item, indent + 2)}`;
  return isEmpty ? yamlText(item, 1) : `\n${yamlText(item, indent + 2)}`;
}

function scalar(value: string | number | boolean, indent: number): string {
  if (typeof value !== 'string') return String(value);
  if (isBlock(value)) {
    const pad = ' '.repeat(indent);
    const lines = value.trimEnd().split('\n');
    return `|\n${lines.map(line => (line === '' ? '' : pad + line)).join('\n')}`;
  }
  return keyText(value);
}

/** Text of several lines that a block gives back as it is, with one line end at its end. */
function isBlock(text: string): boolean {
  return /^\S[^\n]*\n/.test(text) && text.endsWith('\n') && !/\n\n$|[^\n\x20-\x7e]/.test(text);
}

/** A text that no parser takes for a number, a date, a boolean or a mark of YAML. */
function keyText(text: string): string {
  const isPlain = /^[A-Za-z][\w./:-]*[\w./-]$/.test(text) || /^[A-Z]$/.test(text);
  const isWord = /^(true|false|yes|no|on|off|null|nan|inf)$/i.test(text);
  return isPlain && !isWord ? text : quoted(text);
}

/** Characters that YAML takes for line ends or does not allow are escaped; all others stay. */
function quoted(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff]/g,
    unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
