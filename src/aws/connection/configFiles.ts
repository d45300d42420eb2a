import { readFile } from 'node:fs/promises';
import { configPaths, type Environment } from './configPaths.ts';
import type { ConfigProblem } from './configProblem.ts';
import { parseIni, words, type IniSection, type IniValue } from './iniText.ts';

/** A value and where it stands. */
export interface Entry {
  readonly value: IniValue;
  /** The line it continues in, below its own. */
  readonly continued: number | undefined;
  readonly file: string;
  readonly section: string;
}

export interface Section {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly entries: ReadonlyMap<string, Entry>;
  readonly problems: readonly ConfigProblem[];
}

/** What the config and the credentials file say, both of which any profile may use. */
export interface ConfigFiles {
  readonly config: string;
  readonly credentials: string;
  readonly profiles: ReadonlyMap<string, Section>;
  readonly ssoSessions: ReadonlyMap<string, Section>;
  readonly services: ReadonlyMap<string, Section>;
  /** Files and sections that can't be read and are no profile that could say so itself. */
  readonly problems: readonly ConfigProblem[];
}

/**
 * Reads both files again. Missing files are empty; what can't be read is a problem, not an error.
 */
export async function readConfigFiles(
  environment: Environment = process.env,
): Promise<ConfigFiles> {
  const paths = configPaths(environment);
  const [config, credentials] = await Promise.all([
    readSections(paths.config),
    readSections(paths.credentials),
  ]);
  const kinds = {
    profile: new Map<string, Section>(),
    'sso-session': new Map<string, Section>(),
    services: new Map<string, Section>(),
  };
  const problems = [...config.problems, ...credentials.problems];
  for (const section of config.sections) {
    const place = placeOf(section, paths.config);
    if (place && 'kind' in place) {
      kinds[place.kind].set(place.name, sectionOf(section, place.name, paths.config));
    } else if (place?.meant) kinds.profile.set(place.meant.name, place.meant);
    else if (place) problems.push(place.problem);
  }
  for (const section of credentials.sections) {
    const own = sectionOf(section, section.header, paths.credentials);
    kinds.profile.set(own.name, merged(kinds.profile.get(own.name), own));
  }
  return {
    ...paths,
    profiles: kinds.profile,
    ssoSessions: kinds['sso-session'],
    services: kinds.services,
    problems,
  };
}

async function readSections(
  file: string,
): Promise<{ sections: IniSection[]; problems: ConfigProblem[] }> {
  try {
    const bytes = await readFile(file);
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (text.includes('\0')) return { sections: [], problems: [{ kind: 'notText', file }] };
    const { sections, problems } = parseIni(text);
    return { sections, problems: problems.map(problem => ({ kind: 'line', file, ...problem })) };
  } catch (error) {
    const { code, name } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return { sections: [], problems: [] };
    const problem: ConfigProblem =
      name === 'TypeError'
        ? { kind: 'notText', file }
        : { kind: 'unreadable', file, why: code ?? name };
    return { sections: [], problems: [problem] };
  }
}

type Place =
  | { readonly kind: 'profile' | 'sso-session' | 'services'; readonly name: string }
  | { readonly problem: ConfigProblem; readonly meant?: Section };

/**
 * Which section of the config file this is, or why it is none of those it seems to be. Undefined for
 * sections of the CLI's own ([plugins], [preview]).
 */
function placeOf({ header, line, values }: IniSection, file: string): Place | undefined {
  if (header === 'default') return { kind: 'profile', name: header };
  const [word = ''] = header.split(/\s/, 1);
  if (word === 'profile' || word === 'sso-session' || word === 'services') {
    const [, name, ...more] = words(header) ?? [];
    if (name !== undefined && more.length === 0) return { kind: word, name };
    const problem: ConfigProblem = { kind: 'sectionName', file, line, section: header, word };
    const said = header.slice(word.length).trim();
    return word === 'profile' && said !== '' ? unusable(said, file, line, problem) : { problem };
  }
  const problem: ConfigProblem = { kind: 'noPrefix', file, line, section: header };
  const looksLikeOne = [...values.keys()].some(key => PROFILE_KEYS.test(key));
  return looksLikeOne ? unusable(header, file, line, problem) : undefined;
}

const PROFILE_KEYS =
  /^(region|aws_access_key_id|role_arn|source_profile|sso_session|sso_start_url|login_session|credential_process|endpoint_url)$/;

/** Listed under the name that was meant, so that it is seen and says what is wrong. */
function unusable(name: string, file: string, line: number, problem: ConfigProblem): Place {
  return { problem, meant: { name, file, line, entries: new Map(), problems: [problem] } };
}

function sectionOf(
  { header, line, values, continued, problems }: IniSection,
  name: string,
  file: string,
) {
  const entries = [...values].map(([key, value]): [string, Entry] => [
    key,
    { value, continued: continued.get(key), file, section: header },
  ]);
  return {
    name,
    file,
    line,
    entries: new Map(entries),
    problems: problems.map((problem): ConfigProblem => ({ kind: 'line', file, ...problem })),
  };
}

/** A profile of both files: what the credentials file says counts (botocore's `full_config`). */
function merged(config: Section | undefined, credentials: Section): Section {
  if (!config) return credentials;
  const isMeant = config.problems.some(({ kind }) => kind === 'noPrefix' || kind === 'sectionName');
  return {
    ...config,
    entries: new Map([...config.entries, ...credentials.entries]),
    // A section that the config file only seems to have keeps no profile from being used.
    problems: [...(isMeant ? [] : config.problems), ...credentials.problems],
  };
}
