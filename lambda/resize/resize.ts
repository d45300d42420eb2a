import sharp from 'sharp';
import type { Sharp } from 'sharp';
import { decodeFault, mayBeHarmless } from './decodeFault.ts';
import { permanent } from './fault.ts';
import { inspect, type Picture } from './inspect.ts';
import { FORMATS, type PictureFormat } from './pictureFormat.ts';
import { resultSize } from './resultSize.ts';

/** How pictures are resized. */
export interface ResizeOptions {
  /** The widths in pixels, one resized picture for each. */
  readonly widths: readonly number[];
  /** The height in pixels; undefined: by the picture's proportions. */
  readonly height: number | undefined;
  /** How a picture is fitted into width and height when both are given; as CSS's `object-fit`. */
  readonly fit: 'cover' | 'contain' | 'fill' | 'inside' | 'outside';
  readonly format: 'same' | 'jpeg' | 'png' | 'webp' | 'avif';
  /** 1 to 100 for JPEG, WebP and AVIF; undefined: the encoder's default (80, for AVIF 50). */
  readonly quality: number | undefined;
  /** Whether a picture smaller than asked for is enlarged. */
  readonly enlarge: boolean;
  /** Whether EXIF, XMP, IPTC and the colour profile go into the resized picture. */
  readonly keepMetadata: boolean;
  /** The most pixels that are decoded, and that a result may have, all frames together. */
  readonly maxPixels: number;
}

/** What resizing one picture may take. */
export interface ResizeLimits {
  /** How long the next result may take, asked before each; sharp takes whole seconds, 0 for any time. */
  readonly secondsLeft?: () => number;
  /** Of memory, beside what is in use already. */
  readonly bytes?: number;
}

export interface ResizedPicture {
  readonly data: Buffer;
  readonly format: PictureFormat;
  /** The width that was asked for. */
  readonly askedWidth: number;
  readonly width: number;
  /** Of one frame. */
  readonly height: number;
  /** The file holds more pictures, which are not in this one. */
  readonly onlyFirst: boolean;
}

/**
 * Resizes a picture to each of the widths, one after the other, so that only one result is in memory.
 * The same input and options always give the same bytes.
 *
 * @param input the file's bytes, or the path of a file
 * @throws Fault permanent when the input is not a picture that can be read, or more of one than the
 * options and limits allow; transient when the time was not enough.
 */
export async function* resize(
  input: Uint8Array | string,
  options: ResizeOptions,
  { secondsLeft = () => 0, bytes = Infinity }: ResizeLimits = {},
): AsyncGenerator<ResizedPicture> {
  const picture = await inspect(input, options.maxPixels);
  checkMemory(picture, bytes);
  for (const askedWidth of options.widths) {
    const format = options.format === 'same' ? picture.format : options.format;
    const animated = picture.frames > 1 && FORMATS[format].animates;
    checkResult(picture, options, askedWidth, animated ? picture.frames : 1);
    const { data, info } = await render(failOn => {
      const opened = open(input, options, { animated, failOn });
      const shaped = shape(opened, picture, options, { askedWidth, format });
      return encode(shaped, format, options).timeout({ seconds: secondsLeft() });
    });
    const { width, height, pageHeight = height } = info;
    const onlyFirst = picture.holdsMore || (picture.frames > 1 && !animated);
    yield { data, format, askedWidth, width, height: pageHeight, onlyFirst };
  }
}

type Rendered = Awaited<ReturnType<typeof toBuffer>>;

/** Strictly first, which finds damage; a second time as browsers do where that may be harmless. */
async function render(pipeline: (failOn: 'warning' | 'error') => Sharp): Promise<Rendered> {
  try {
    return await toBuffer(pipeline('warning'));
  } catch (error) {
    if (!mayBeHarmless(error)) throw decodeFault(error);
  }
  try {
    return await toBuffer(pipeline('error'));
  } catch (error) {
    throw decodeFault(error);
  }
}

function toBuffer(pipeline: Sharp) {
  return pipeline.toBuffer({ resolveWithObject: true });
}

/** Lambda kills a function that takes too much memory, and then tries again twice. */
function checkMemory({ decodedBytes }: Picture, bytes: number): void {
  if (decodedBytes <= bytes) return;
  const missing = Math.ceil((decodedBytes - bytes) / 1024 ** 2);
  throw permanent(
    'NeedsMoreMemory',
    `A picture of this size and kind takes ${Math.ceil(decodedBytes / 1024 ** 2)} MB to decode: ` +
      `give the function at least ${missing} MB more`,
  );
}

/** A sliver of a picture becomes huge when its short side is enlarged. */
function checkResult(
  picture: Picture,
  options: ResizeOptions,
  askedWidth: number,
  frames: number,
): void {
  const { width, height } = resultSize(picture, { ...options, width: askedWidth });
  if (width * height * frames <= options.maxPixels) return;
  throw permanent(
    'TooManyPixels',
    `The resized picture would have ${width} × ${height} pixels; MAX_PIXELS is ${options.maxPixels}`,
  );
}

function open(
  input: Uint8Array | string,
  { maxPixels }: ResizeOptions,
  { animated, failOn }: { animated: boolean; failOn: 'warning' | 'error' },
): Sharp {
  return sharp(input, {
    animated,
    failOn,
    limitInputPixels: maxPixels,
    // Phones write the pixels as the sensor has them and say in EXIF how to turn them; frames can't be.
    autoOrient: !animated,
  });
}

function shape(
  pipeline: Sharp,
  picture: Picture,
  { height, fit, enlarge, keepMetadata }: ResizeOptions,
  { askedWidth, format }: { askedWidth: number; format: PictureFormat },
): Sharp {
  const { hasAlpha } = FORMATS[format];
  let shaped = pipeline.resize({
    width: askedWidth,
    height,
    fit: height === undefined ? 'inside' : fit,
    withoutEnlargement: !enlarge,
    background: { r: 255, g: 255, b: 255, alpha: hasAlpha ? 0 : 1 },
  });
  // Else what is transparent would turn black.
  if (picture.hasAlpha && !hasAlpha) shaped = shaped.flatten({ background: '#fff' });
  if (keepMetadata) shaped = shaped.keepMetadata();
  return picture.isGrey && !keepMetadata ? shaped.toColourspace('b-w') : shaped;
}

function encode(pipeline: Sharp, format: PictureFormat, { quality }: ResizeOptions): Sharp {
  switch (format) {
    case 'jpeg':
      return pipeline.jpeg({ quality });
    case 'webp':
      // Two thirds of the time of the encoder's default, 6 % more bytes.
      return pipeline.webp({ quality, effort: 2 });
    case 'avif':
      return pipeline.avif({ quality });
    case 'png':
      return pipeline.png();
    case 'gif':
      return pipeline.gif();
    case 'tiff':
      return pipeline.tiff({ compression: 'deflate', predictor: 'horizontal' });
  }
}
