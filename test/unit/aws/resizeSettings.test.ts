import { describe, expect, it } from 'vitest';
import { parseOptions } from '../../../lambda/resize/options.ts';
import { problems, writtenPrefix } from '../../../src/aws/resizeFunction/resizeProblems.ts';
import {
  DEFAULT_SETTINGS,
  fromEnvironment,
  toEnvironment,
  type ResizeSettings,
} from '../../../src/aws/resizeFunction/resizeSettings.ts';

/** The function reads the variables itself; these rules must be its own. */

const OTHERS: ResizeSettings = {
  keyTemplate: '{folder}{width}/{name}.{extension}',
  widths: [100, 200, 16_383],
  height: 16_383,
  fit: 'cover',
  format: 'avif',
  quality: 100,
  enlarge: true,
  keepMetadata: true,
  keepTags: true,
  maxPixels: 1_000_000_000,
  maxBytes: 10 * 1024 ** 3,
  permanentErrors: 'throw',
};

describe('settings', () => {
  it('that are the defaults need no variables, and the function has the same', () => {
    expect(toEnvironment(DEFAULT_SETTINGS)).toEqual({});
    expect(parseOptions({})).toMatchObject({
      ...DEFAULT_SETTINGS,
      keyTemplate: { text: DEFAULT_SETTINGS.keyTemplate },
    });
  });

  it.each([DEFAULT_SETTINGS, OTHERS])('come back from their variables', settings => {
    const environment = toEnvironment(settings);
    expect(fromEnvironment(environment)).toEqual({
      ...{ height: undefined, quality: undefined, maxPixels: undefined, maxBytes: undefined },
      ...settings,
    });
    expect(problems(settings)).toEqual([]);
  });

  it('are understood by the function as they were meant', () => {
    expect(parseOptions(toEnvironment(OTHERS))).toMatchObject({
      ...OTHERS,
      keyTemplate: { text: OTHERS.keyTemplate },
    });
  });

  const BAD: [string, Partial<ResizeSettings>, string][] = [
    ['no width', { widths: [] }, 'none'],
    ['a width of 0', { widths: [0] }, 'notWholeNumber'],
    ['a width of 1.5', { widths: [1.5] }, 'notWholeNumber'],
    ['a width that is too large', { widths: [16_384] }, 'notWholeNumber'],
    ['a width twice', { widths: [100, 100], keyTemplate: '{width}{key}' }, 'twice'],
    [
      'seventeen widths',
      { widths: Array.from({ length: 17 }, (_, at) => at + 1), keyTemplate: '{width}{key}' },
      'tooMany',
    ],
    ['several widths that share a key', { widths: [100, 200] }, 'needsWidth'],
    ['a height that is too large', { height: 16_384 }, 'notWholeNumber'],
    ['a quality of 101', { quality: 101 }, 'notWholeNumber'],
    ['more pixels than sharp counts', { maxPixels: 1_000_000_001 }, 'notWholeNumber'],
    ['more bytes than 10 GB', { maxBytes: 10 * 1024 ** 3 + 1 }, 'notWholeNumber'],
    ['a placeholder it does not know', { keyTemplate: '{key}-{height}' }, 'unknownPlaceholder'],
    ['a brace without its partner', { keyTemplate: '{key}}' }, 'brace'],
    ['the same key for all', { keyTemplate: 'resized' }, 'sharedKey'],
    ['a fit it does not know', { fit: 'crop' as 'cover' }, 'notOneOf'],
    ['a format it does not know', { format: 'gif' as 'png' }, 'notOneOf'],
  ];

  it.each(BAD)('with %s are refused here and by the function', (_, change, problem) => {
    const settings = { ...DEFAULT_SETTINGS, ...change };
    expect(problems(settings).map(found => found.problem)).toContain(problem);
    const environment = toEnvironment(settings);
    // An empty variable would be the default.
    if (settings.widths.length > 0) expect(() => parseOptions(environment)).toThrow();
  });

  it('that someone wrote by hand show what is wrong with them', () => {
    const read = fromEnvironment({ WIDTHS: '100, 2e2', FIT: 'crop', HEIGHT: ' 50 ' });
    expect(read).toMatchObject({ fit: 'crop', height: 50 });
    expect(problems(read).map(({ field }) => field)).toEqual(['keyTemplate', 'widths', 'fit']);
  });
});

it.each([
  ['resized-{key}', 'resized-'],
  ['{key}', ''],
  ['small/{name}.webp', 'small/'],
])('%s begins with %j', (template, prefix) => {
  expect(writtenPrefix(template)).toBe(prefix);
});
