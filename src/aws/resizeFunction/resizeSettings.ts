/**
 * The settings of the resize function, as its environment variables hold them. The function reads
 * them itself when it starts; these are the same rules, held against what a person types. Nothing
 * here loads the AWS SDK.
 */
export interface ResizeSettings {
  /** `resized-{key}`; may have {key} {folder} {name} {extension} {width}. */
  readonly keyTemplate: string;
  /** Pixels; several need {width} in the template. */
  readonly widths: readonly number[];
  /** Pixels; undefined: as the width asks. */
  readonly height?: number;
  readonly fit: ResizeFit;
  readonly format: ResizeFormat;
  /** 1 to 100; undefined: what is usual for the format. */
  readonly quality?: number;
  /** Whether images smaller than the width are made bigger. */
  readonly enlarge: boolean;
  readonly keepMetadata: boolean;
  /** Whether the object's tags are copied; needs two more permissions. */
  readonly keepTags: boolean;
  /** Images with more pixels are refused; undefined: the function's own limit. */
  readonly maxPixels?: number;
  /** Bytes; larger objects are refused; undefined: the function's own limit. */
  readonly maxBytes?: number;
  /** Whether an object that can never be resized counts as an error of the function. */
  readonly permanentErrors: 'log' | 'throw';
}

export const FITS = ['inside', 'cover', 'contain', 'fill', 'outside'] as const;
export type ResizeFit = (typeof FITS)[number];

export const FORMATS = ['same', 'jpeg', 'png', 'webp', 'avif'] as const;
export type ResizeFormat = (typeof FORMATS)[number];

/** What the function does when no variable is set: the lab's `resized-` key, 200 pixels wide. */
export const DEFAULT_SETTINGS: ResizeSettings = {
  keyTemplate: 'resized-{key}',
  widths: [200],
  fit: 'inside',
  format: 'same',
  enlarge: false,
  keepMetadata: false,
  keepTags: false,
  permanentErrors: 'log',
};

/** The variable that names the bucket for the resized objects. */
export const DESTINATION_VARIABLE = 'DESTINATION_BUCKET';

/** Where the function writes when no variable says so. */
export function defaultDestination(bucket: string): string {
  return `${bucket}-resized`;
}

/** The variables for settings; one that has its default is left out. */
export function toEnvironment(settings: ResizeSettings): Record<string, string> {
  const texts = textsOf(settings);
  const defaults = textsOf(DEFAULT_SETTINGS);
  return Object.fromEntries(
    Object.entries(texts).filter(([name, text]) => text !== '' && text !== defaults[name]),
  );
}

/** Every variable that settings are kept in; all others of a function are its user's own. */
export const SETTING_VARIABLES: readonly string[] = Object.keys(textsOf(DEFAULT_SETTINGS));

/** What the function takes for a variable that is not set: `200` for `WIDTHS`; undefined: nothing. */
export function defaultOf(variable: string): string | undefined {
  return textsOf(DEFAULT_SETTINGS)[variable] || undefined;
}

function textsOf(settings: ResizeSettings): Record<string, string> {
  return {
    KEY_TEMPLATE: settings.keyTemplate,
    WIDTHS: settings.widths.join(','),
    HEIGHT: String(settings.height ?? ''),
    FIT: settings.fit,
    FORMAT: settings.format,
    QUALITY: String(settings.quality ?? ''),
    ENLARGE: String(settings.enlarge),
    KEEP_METADATA: String(settings.keepMetadata),
    KEEP_TAGS: String(settings.keepTags),
    MAX_PIXELS: String(settings.maxPixels ?? ''),
    MAX_BYTES: String(settings.maxBytes ?? ''),
    PERMANENT_ERRORS: settings.permanentErrors,
  };
}

/**
 * The settings a function's variables stand for. A text that is none stays visible as a problem: a
 * number is NaN then, and a choice is what was written.
 */
export function fromEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): ResizeSettings {
  const read = (name: string): string | undefined => {
    const text = environment[name]?.trim();
    return text === '' ? undefined : text;
  };
  const number = (name: string): number | undefined => {
    const text = read(name);
    return text === undefined ? undefined : wholeNumber(text);
  };
  const defaults = DEFAULT_SETTINGS;
  return {
    keyTemplate: read('KEY_TEMPLATE') ?? defaults.keyTemplate,
    widths: read('WIDTHS')
      ?.split(',')
      .map(part => wholeNumber(part.trim())) ?? [...defaults.widths],
    height: number('HEIGHT'),
    fit: (read('FIT') ?? defaults.fit) as ResizeFit,
    format: (read('FORMAT') ?? defaults.format) as ResizeFormat,
    quality: number('QUALITY'),
    enlarge: read('ENLARGE') === 'true',
    keepMetadata: read('KEEP_METADATA') === 'true',
    keepTags: read('KEEP_TAGS') === 'true',
    maxPixels: number('MAX_PIXELS'),
    maxBytes: number('MAX_BYTES'),
    permanentErrors: (read('PERMANENT_ERRORS') ?? defaults.permanentErrors) as 'log' | 'throw',
  };
}

/** `1e3` and `0x10` are no numbers to the function. */
function wholeNumber(text: string): number {
  return /^\d+$/.test(text) ? Number(text) : NaN;
}
