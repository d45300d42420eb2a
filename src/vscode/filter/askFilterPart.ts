import { l10n, type QuickPickItem } from 'vscode';
import { MAX_KEY_FILTER_LENGTH } from '../../aws/batchJobs/jobRules.ts';
import type { ObjectFilter } from '../../aws/selection/selection.ts';
import { askText, pick, pickMany, type PromptPosition } from '../prompts.ts';
import {
  formatSizes,
  parseDates,
  parseSizes,
  parseTagConditions,
  regexProblem,
  type DateRange,
  type SizeRange,
} from './filterInput.ts';
import { formatTagConditions } from './tagConditionText.ts';
import type { FilterPart } from './filterText.ts';

/**
 * Asks for one part of a filter, with what it is now; an empty answer takes it away.
 *
 * @throws BrigadeError `Cancelled`, BackPressed
 */
export async function askFilterPart(
  part: FilterPart,
  position: PromptPosition,
  filter: ObjectFilter,
): Promise<ObjectFilter> {
  switch (part) {
    case 'suffix':
    case 'contains':
    case 'glob':
    case 'regex':
      return changed(filter, {
        [part]: await askKeyPart(part, position, filter[part]),
      });
    case 'size':
      return changed(filter, { ...NO_SIZE, ...(await askSize(position, filter)) });
    case 'modified':
      return changed(filter, { ...NO_DATE, ...(await askModified(position)) });
    case 'storageClass':
      return changed(filter, { storageClasses: await askClasses(position, filter.storageClasses) });
    case 'tags':
      return changed(filter, { tags: await askTags(position, filter.tags) });
  }
}

const NO_SIZE = { minBytes: undefined, maxBytes: undefined };
const NO_DATE = { modifiedAfter: undefined, modifiedBefore: undefined };

/** Members that are undefined or empty are taken out: a filter is sent as JSON. */
function changed(
  filter: ObjectFilter,
  change: { readonly [Name in keyof ObjectFilter]?: ObjectFilter[Name] | undefined },
): ObjectFilter {
  const members: [string, unknown][] = Object.entries({ ...filter, ...change });
  return Object.fromEntries(members.filter(([, value]) => value !== undefined && value !== ''));
}

type KeyPart = 'suffix' | 'contains' | 'glob' | 'regex';

const KEY_PROMPTS: Readonly<Record<KeyPart, () => { prompt: string; placeholder: string }>> = {
  suffix: () => ({
    prompt: l10n.t('Key suffix. Case-sensitive. Leave empty for any.'),
    placeholder: l10n.t('For example: {0}', '.png'),
  }),
  contains: () => ({
    prompt: l10n.t('Text that keys must contain. Case-sensitive. Leave empty for any.'),
    placeholder: l10n.t('For example: {0}', '/2026/'),
  }),
  glob: () => ({
    prompt: l10n.t(
      'Glob for the whole key: * within a folder, ** across folders, ?, [a-z], {a,b}. Leave empty for any.',
    ),
    placeholder: l10n.t('For example: {0}', 'photos/**/*.{jpg,png}'),
  }),
  regex: () => ({
    prompt: l10n.t('Regular expression, matched anywhere in the key. Leave empty for any.'),
    placeholder: l10n.t('For example: {0}', '^photos/\\d{4}/'),
  }),
};

async function askKeyPart(
  part: KeyPart,
  position: PromptPosition,
  value: string | undefined,
): Promise<string> {
  return await askText({
    ...position,
    ...KEY_PROMPTS[part](),
    ...(value !== undefined && { value }),
    validate: text => {
      if (text.length > MAX_KEY_FILTER_LENGTH) {
        return l10n.t('1 to {0} characters.', MAX_KEY_FILTER_LENGTH);
      }
      return part === 'regex' ? regexProblem(text) : undefined;
    },
  });
}

interface Choice<T> extends QuickPickItem {
  readonly range: T | 'enter';
}

const KB = 1024;
const MB = KB * 1024;

async function askSize(position: PromptPosition, before: SizeRange): Promise<SizeRange> {
  const now = formatSizes(before);
  const items: Choice<SizeRange>[] = [
    { label: l10n.t('Any Size'), range: {} },
    { label: l10n.t('Empty Objects'), range: { minBytes: 0, maxBytes: 0 } },
    // Smaller ones cost more in classes with a minimum size, and can't be moved to them by rules.
    { label: l10n.t('{0} or More', '128 KB'), range: { minBytes: 128 * KB } },
    { label: l10n.t('{0} or More', '1 MB'), range: { minBytes: MB } },
    { label: l10n.t('{0} or More', '1 GB'), range: { minBytes: 1024 * MB } },
    { label: l10n.t('Enter Sizes…'), description: now, range: 'enter' },
  ];
  const placeholder = l10n.t('Select a range of sizes');
  const { range } = await pick({ ...position, placeholder, items });
  if (range !== 'enter') return range;
  const text = await askText({
    ...position,
    prompt: l10n.t('Sizes; 1 KB is 1,024 bytes'),
    placeholder: l10n.t('For example: {0}', '> 10 MB, <= 1 GB, 10 MB to 1 GB'),
    value: now,
    validate: typed =>
      parseSizes(typed) === undefined
        ? l10n.t('For example: {0}', '> 10 MB, <= 1 GB, 10 MB to 1 GB')
        : undefined,
  });
  return parseSizes(text) ?? {};
}

async function askModified(position: PromptPosition): Promise<DateRange> {
  const now = Date.now();
  const read = (text: string): DateRange => parseDates(text, now) ?? {};
  const items: Choice<DateRange>[] = [
    { label: l10n.t('Any Time'), range: {} },
    { label: l10n.t('Last 24 Hours'), range: read('last 24 hours') },
    { label: l10n.t('Last 7 Days'), range: read('last 7 days') },
    { label: l10n.t('Last 30 Days'), range: read('last 30 days') },
    { label: l10n.t('More than 90 Days Ago'), range: read('older than 90 days') },
    { label: l10n.t('More than 1 Year Ago'), range: read('older than 1 year') },
    { label: l10n.t('Enter Dates…'), range: 'enter' },
  ];
  const placeholder = l10n.t('Select when the objects were last modified');
  const { range } = await pick({ ...position, placeholder, items });
  if (range !== 'enter') return range;
  const example = 'after 2026-01-31, before 2026-03-01, 2026-01-01 to 2026-01-31, last 12 hours';
  const text = await askText({
    ...position,
    prompt: l10n.t('Dates, in this computer’s time zone'),
    placeholder: l10n.t('For example: {0}', example),
    validate: typed =>
      parseDates(typed, now) === undefined ? l10n.t('For example: {0}', example) : undefined,
  });
  return read(text);
}

/** By S3's names (Amazon S3 API, "Object"). */
const CLASSES = [
  ...['STANDARD', 'STANDARD_IA', 'ONEZONE_IA', 'INTELLIGENT_TIERING', 'GLACIER_IR', 'GLACIER'],
  ...['DEEP_ARCHIVE', 'REDUCED_REDUNDANCY', 'EXPRESS_ONEZONE', 'OUTPOSTS', 'SNOW'],
];

async function askClasses(
  position: PromptPosition,
  before: readonly string[] = CLASSES,
): Promise<readonly string[] | undefined> {
  const chosen = await pickMany({
    ...position,
    placeholder: l10n.t('Select storage classes'),
    items: CLASSES.map(label => ({ label })),
    picked: ({ label }) => before.includes(label),
  });
  return chosen.length === CLASSES.length ? undefined : chosen.map(({ label }) => label);
}

async function askTags(position: PromptPosition, before: ObjectFilter['tags'] = []) {
  const example = 'project=x, owner, !archived';
  const text = await askText({
    ...position,
    prompt: l10n.t(
      'Tags: key=value, key for objects that have the key, !key for objects that don’t. Sends one GetObjectTagging request for each object that matches the rest of the filter. Leave empty for any.',
    ),
    placeholder: l10n.t('For example: {0}', example),
    value: formatTagConditions(before),
    validate: typed =>
      typed.trim() === '' || parseTagConditions(typed) !== undefined
        ? undefined
        : l10n.t('For example: {0}', example),
  });
  return text.trim() === '' ? undefined : parseTagConditions(text);
}
