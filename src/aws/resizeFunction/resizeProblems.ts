import type { WrittenKeys } from '../notifications/notification.ts';
import {
  defaultDestination,
  DESTINATION_VARIABLE,
  FITS,
  FORMATS,
  fromEnvironment,
  type ResizeSettings,
} from './resizeSettings.ts';

/** One thing that the resize function would refuse when it starts. */
export interface ResizeProblem {
  readonly field: keyof ResizeSettings;
  readonly problem:
    | 'notWholeNumber'
    | 'none'
    | 'twice'
    | 'tooMany'
    | 'needsWidth'
    | 'unknownPlaceholder'
    | 'brace'
    | 'sharedKey'
    | 'notOneOf';
  /** The smallest and largest number that are allowed, for `notWholeNumber`. */
  readonly least?: number;
  /** Also how many are allowed, for `tooMany`. */
  readonly most?: number;
  /** What was given: the placeholder, the choice. */
  readonly text?: string;
}

/** The largest side that sharp makes. */
export const MAX_SIDE = 16_383;
export const MAX_WIDTHS = 16;
export const MAX_QUALITY = 100;
const MAX_PIXELS = 1_000_000_000;
const MAX_BYTES = 10 * 1024 ** 3;

const PLACEHOLDERS: readonly string[] = ['key', 'folder', 'name', 'extension', 'width'];

/** What is wrong with settings; the function's own rules. Empty when all is well. */
export function problems(settings: ResizeSettings): ResizeProblem[] {
  const { permanentErrors } = settings;
  return [
    ...templateProblems(settings),
    ...widthProblems(settings.widths),
    ...numberProblems('height', settings.height, MAX_SIDE),
    ...choiceProblems('fit', settings.fit, FITS),
    ...choiceProblems('format', settings.format, FORMATS),
    ...numberProblems('quality', settings.quality, MAX_QUALITY),
    ...numberProblems('maxPixels', settings.maxPixels, MAX_PIXELS),
    ...numberProblems('maxBytes', settings.maxBytes, MAX_BYTES),
    ...choiceProblems('permanentErrors', permanentErrors, ['log', 'throw']),
  ];
}

/**
 * The text before a template's first placeholder: every key that the function writes begins with
 * it.
 */
export function writtenPrefix(keyTemplate: string): string {
  const end = keyTemplate.indexOf('{');
  return end < 0 ? keyTemplate : keyTemplate.slice(0, end);
}

/** Where a resize function with these variables writes what it makes of a bucket's objects. */
export function writtenKeys(
  environment: Readonly<Record<string, string>>,
  bucket: string,
): Required<Pick<WrittenKeys, 'bucket' | 'prefix'>> {
  return {
    bucket: environment[DESTINATION_VARIABLE] ?? defaultDestination(bucket),
    prefix: writtenPrefix(fromEnvironment(environment).keyTemplate),
  };
}

function templateProblems({ keyTemplate, widths }: ResizeSettings): ResizeProblem[] {
  const field = 'keyTemplate';
  const found: ResizeProblem[] = [];
  const names = [...keyTemplate.matchAll(/\{([^{}]*)\}/g)].map(([, name = '']) => name);
  for (const name of names) {
    if (!PLACEHOLDERS.includes(name)) {
      found.push({ field, problem: 'unknownPlaceholder', text: `{${name}}` });
    }
  }
  if (/[{}]/.test(keyTemplate.replace(/\{[^{}]*\}/g, ''))) found.push({ field, problem: 'brace' });
  if (!names.includes('key') && !names.includes('name')) {
    found.push({ field, problem: 'sharedKey' });
  }
  if (widths.length > 1 && !names.includes('width')) found.push({ field, problem: 'needsWidth' });
  return found;
}

function widthProblems(widths: readonly number[]): ResizeProblem[] {
  const field = 'widths';
  if (widths.length === 0) return [{ field, problem: 'none' }];
  const found = widths.flatMap(width => numberProblems(field, width, MAX_SIDE)).slice(0, 1);
  if (new Set(widths).size < widths.length) found.push({ field, problem: 'twice' });
  if (widths.length > MAX_WIDTHS) found.push({ field, problem: 'tooMany', most: MAX_WIDTHS });
  return found;
}

function numberProblems(
  field: keyof ResizeSettings,
  value: number | undefined,
  most: number,
): ResizeProblem[] {
  const good = value === undefined || (Number.isInteger(value) && value >= 1 && value <= most);
  return good ? [] : [{ field, problem: 'notWholeNumber', least: 1, most }];
}

function choiceProblems(
  field: keyof ResizeSettings,
  value: string,
  allowed: readonly string[],
): ResizeProblem[] {
  return allowed.includes(value) ? [] : [{ field, problem: 'notOneOf', text: value }];
}
