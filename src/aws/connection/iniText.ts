/** A value of an ini file, or the lines below it: `s3 =` and what stands indented under it. */
export type IniValue = string | ReadonlyMap<string, string>;

export type IniFault = 'noSection' | 'noValue' | 'repeatedKey' | 'repeatedSection';

export interface IniProblem {
  readonly fault: IniFault;
  /** Counted from 1. */
  readonly line: number;
  /** The key or section that is repeated; nothing of other lines, which may hold a secret. */
  readonly text?: string;
}

export interface IniSection {
  /** As it stands between the brackets. */
  readonly header: string;
  readonly line: number;
  readonly values: Map<string, IniValue>;
  /** Where the values continue that have more than their own line. */
  readonly continued: Map<string, number>;
  readonly problems: IniProblem[];
}

interface Line {
  readonly line: number;
  readonly text: string;
}

interface Entry {
  readonly key: string;
  readonly line: number;
  readonly first: string;
  readonly more: Line[];
}

/**
 * Reads a config or credentials file by the rules of the AWS CLI, whose files these are: Python's
 * RawConfigParser, and one level of nesting (botocore's configloader). A comment has a line to
 * itself; indented lines continue with the value above. What the CLI would refuse the whole file
 * for stays with the section it stands in, so that the other sections can be used.
 */
export function parseIni(text: string): { sections: IniSection[]; problems: IniProblem[] } {
  const sections: IniSection[] = [];
  const problems: IniProblem[] = [];
  let entry: Entry | undefined;
  let indent = 0;
  text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\r|\n/)
    .forEach((raw, index) => {
      const line = index + 1;
      const trimmed = raw.trim();
      if (trimmed === '' || /^[#;]/.test(trimmed)) return;
      const depth = raw.length - raw.trimStart().length;
      if (entry && depth > indent) {
        entry.more.push({ line, text: trimmed });
        return;
      }
      indent = depth;
      const section = sections.at(-1);
      if (section && entry) keep(section, entry);
      entry = undefined;
      const header = /^\[(.+)\]/.exec(trimmed)?.[1];
      if (header !== undefined) {
        sections.push(sectionAt(header, line, sections));
        return;
      }
      const option = /^([^=:]+?)\s*[=:]\s*(.*)$/.exec(trimmed);
      const faults = section?.problems ?? problems;
      if (!section) faults.push({ fault: 'noSection', line });
      else if (!option) faults.push({ fault: 'noValue', line });
      else entry = { key: (option[1] ?? '').toLowerCase(), line, first: option[2] ?? '', more: [] };
    });
  const last = sections.at(-1);
  if (last && entry) keep(last, entry);
  return { sections, problems };
}

function sectionAt(header: string, line: number, before: readonly IniSection[]): IniSection {
  const isRepeated = before.some(section => section.header === header);
  const problems: IniProblem[] = isRepeated
    ? [{ fault: 'repeatedSection', line, text: header }]
    : [];
  return { header, line, values: new Map(), continued: new Map(), problems };
}

function keep(section: IniSection, { key, line, first, more }: Entry): void {
  if (section.values.has(key)) section.problems.push({ fault: 'repeatedKey', line, text: key });
  const [next] = more;
  if (next) section.continued.set(key, next.line);
  const isNested = first === '' && next !== undefined;
  const text = [first, ...more.map(each => each.text)].join('\n');
  section.values.set(key, isNested ? nested(section, more) : text);
}

function nested(section: IniSection, lines: readonly Line[]): IniValue {
  const pairs = lines.flatMap(({ line, text }): (readonly [string, string])[] => {
    const at = text.indexOf('=');
    if (at > 0) return [[text.slice(0, at).trim(), text.slice(at + 1).trim()]];
    section.problems.push({ fault: 'noValue', line });
    return [];
  });
  return new Map(pairs);
}

/**
 * The words of a section's header, as a POSIX shell splits them: `profile "my prof"` has two.
 * Undefined where a quotation mark is not closed.
 */
export function words(header: string): string[] | undefined {
  const found: string[] = [];
  const word = /\s*((?:"(?:[^"\\]|\\.)*"|'[^']*'|\\.|[^\s"'\\])+)/gy;
  let end = 0;
  for (const match of header.matchAll(word)) {
    found.push(unquoted(match[1] ?? ''));
    end = match.index + match[0].length;
  }
  return header.slice(end).trim() === '' ? found : undefined;
}

function unquoted(word: string): string {
  return word.replace(
    /"((?:[^"\\]|\\.)*)"|'([^']*)'|\\(.)/g,
    (_all, double?: string, single?: string, escaped?: string) =>
      double?.replace(/\\(["\\])/g, '$1') ?? single ?? escaped ?? '',
  );
}
