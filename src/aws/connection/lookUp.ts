import type { Section } from './configFiles.ts';
import { variable, type Environment } from './configPaths.ts';
import { configError } from './configProblem.ts';
import type { Setting } from './setting.ts';

/** Finds the value of one of these variables, or of these keys. */
export type LookUp = (places: {
  readonly variables?: readonly string[];
  /** `s3.addressing_style`: a key below `s3 =`. */
  readonly keys?: readonly string[];
}) => Setting<string> | undefined;

/** The first variable that is set, else the first key of the section: the CLI's order. */
export function lookUp(section: Section | undefined, environment: Environment): LookUp {
  return ({ variables = [], keys = [] }) => {
    for (const name of variables) {
      const value = variable(environment, name);
      if (value !== undefined) return { value, origin: { kind: 'environment', variable: name } };
    }
    for (const key of keys) {
      const found = section && valueAt(section, key);
      if (found) return found;
    }
    return undefined;
  };
}

function valueAt(section: Section, key: string): Setting<string> | undefined {
  const [outer = '', inner] = key.split('.');
  const entry = section.entries.get(outer);
  if (!entry) return undefined;
  const { file, section: name, continued: line } = entry;
  if (line !== undefined && typeof entry.value === 'string') {
    // None of the values that are looked up has two lines; the second may be a setting, and secret.
    throw configError({ kind: 'line', fault: 'noValue', file, line });
  }
  const outermost = typeof entry.value === 'string' ? entry.value : undefined;
  const value =
    inner === undefined
      ? outermost
      : typeof entry.value === 'string'
        ? undefined
        : entry.value.get(inner);
  if (value === undefined) return undefined;
  return { value, origin: { kind: 'file', file, section: name, key } };
}

/** That a value can't be used. */
export function badValue({ value, origin }: Setting<string>, expected: string): Error {
  return origin.kind === 'file'
    ? configError({
        ...{ kind: 'badValue', file: origin.file, section: origin.section },
        ...{ name: origin.key, value, expected },
      })
    : configError({
        ...{ kind: 'badValue', value, expected },
        name: origin.kind === 'environment' ? origin.variable : '',
      });
}

/** That a key names a section which is not there. */
export function missingSection({ origin }: Setting<string>, missing: string): Error {
  const at = origin.kind === 'file' ? origin : { file: '', section: '', key: '' };
  return configError({
    ...{ kind: 'missingSection', file: at.file, section: at.section, key: at.key, missing },
  });
}
