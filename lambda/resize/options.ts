import { parseKeyTemplate, type KeyTemplate } from './keyTemplate.ts';
import type { ResizeOptions } from './resize.ts';

/** The function's options, as its environment variables set them. */
export interface FunctionOptions extends ResizeOptions {
  /** Undefined: the source bucket's name with `-resized` after it. */
  readonly destinationBucket: string | undefined;
  readonly keyTemplate: KeyTemplate;
  readonly keepTags: boolean;
  /** Larger objects are not even downloaded. */
  readonly maxBytes: number;
  /** Whether a permanent fault, which a retry won't fix, fails the invocation. */
  readonly permanentErrors: 'log' | 'throw';
}

/** The largest side that sharp makes. */
const MAX_SIDE = 16_383;
const MAX_WIDTHS = 16;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the function's options. A variable that is not set, or empty, has its default.
 *
 * @throws Error whose message begins with the variable's name.
 */
export function parseOptions(environment: Environment): FunctionOptions {
  const read = <T>(name: string, fallback: string, parse: (text: string) => T): T => {
    const text = environment[name]?.trim();
    try {
      return parse(text === undefined || text === '' ? fallback : text);
    } catch (error) {
      throw new Error(`${name}: ${(error as Error).message} (it is ${JSON.stringify(text)}).`);
    }
  };
  const keyTemplate = read('KEY_TEMPLATE', 'resized-{key}', parseKeyTemplate);
  const widths = read('WIDTHS', '200', parseWidths);
  if (widths.length > 1 && !keyTemplate.placeholders.has('width')) {
    throw new Error('KEY_TEMPLATE: several WIDTHS need {width} in it, or they share one key.');
  }
  return {
    destinationBucket: read('DESTINATION_BUCKET', '', parseBucket),
    keyTemplate,
    widths,
    height: read('HEIGHT', '', optional(integer(1, MAX_SIDE))),
    fit: read('FIT', 'inside', oneOf('cover', 'contain', 'fill', 'inside', 'outside')),
    format: read('FORMAT', 'same', oneOf('same', 'jpeg', 'png', 'webp', 'avif')),
    quality: read('QUALITY', '', optional(integer(1, 100))),
    enlarge: read('ENLARGE', 'false', parseBoolean),
    keepMetadata: read('KEEP_METADATA', 'false', parseBoolean),
    keepTags: read('KEEP_TAGS', 'false', parseBoolean),
    maxPixels: read('MAX_PIXELS', '100000000', integer(1, 1_000_000_000)),
    maxBytes: read('MAX_BYTES', '268435456', integer(1, 10 * 1024 ** 3)),
    permanentErrors: read('PERMANENT_ERRORS', 'log', oneOf('log', 'throw')),
  };
}

function parseWidths(text: string): number[] {
  const widths = text.split(',').map(part => integer(1, MAX_SIDE)(part.trim()));
  if (new Set(widths).size < widths.length) throw new Error('a width is given twice');
  if (widths.length > MAX_WIDTHS) throw new Error(`at most ${MAX_WIDTHS} widths`);
  return widths;
}

function integer(least: number, most: number): (text: string) => number {
  return text => {
    const value = /^\d+$/.test(text) ? Number(text) : NaN;
    if (!(value >= least && value <= most)) {
      throw new Error(`a whole number from ${least} to ${most} is needed`);
    }
    return value;
  };
}

function optional<T>(parse: (text: string) => T): (text: string) => T | undefined {
  return text => (text === '' ? undefined : parse(text));
}

function oneOf<const T extends string>(...allowed: T[]): (text: string) => T {
  return text => {
    const value = allowed.find(each => each === text);
    if (value === undefined) throw new Error(`one of ${allowed.join(', ')} is needed`);
    return value;
  };
}

function parseBoolean(text: string): boolean {
  return oneOf('true', 'false')(text) === 'true';
}

/** S3's naming rules as far as a typing mistake breaks them; S3 itself checks the rest. */
function parseBucket(text: string): string | undefined {
  if (text === '') return undefined;
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(text)) {
    throw new Error('a bucket name has 3 to 63 lower-case letters, digits, dots and hyphens');
  }
  if (text.endsWith('--x-s3')) {
    throw new Error('a directory bucket (S3 Express One Zone) cannot be written to');
  }
  return text;
}
