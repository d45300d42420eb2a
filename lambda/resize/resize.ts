import sharp from 'sharp';
import type { Sharp } from 'sharp';
import { decodeFault, mayBeHarmless } from './decodeFault.ts';
import { permanent } from './fault.ts';
import { inspect, type Image } from './inspect.ts';
import { FORMATS, type ImageFormat } from './imageFormat.ts';
import { resultSize } from './resultSize.ts';

/** How images are resized. */
export interface ResizeOptions {
  /** The widths in pixels, one resized image for each. */
  readonly widths: readonly number[];
  /** The height in pixels; undefined: by the image's proportions. */
  readonly height: number | undefined;
  /** How an image is fitted into width and height when both are given; as CSS's `object-fit`. */
  readonly fit: 'cover' | 'contain' | 'fill' | 'inside' | 'outside';
  readonly format: 'same' | 'jpeg' | 'png' | 'webp' | 'avif';
  /** 1 to 100 for JPEG, WebP and AVIF; undefined: the encoder's default (80, for AVIF 50). */
  readonly quality: number | undefined;
  /** Whether an image smaller than asked for is enlarged. */
  readonly enlarge: boolean;
  /** Whether EXIF, XMP, IPTC and the colour profile go into the resized image. */
  readonly keepMetadata: boolean;
  /** The most pixels that are decoded, and that a result may have, all frames together. */
  readonly maxPixels: number;
}

/** What resizing one image may take. */
export interface ResizeLimits {
  /** How long the next result may take, asked before each; sharp takes whole seconds, 0 for any time. */
  readonly secondsLeft?: () => number;
  /** Of memory, beside what is in use already. */
  readonly bytes?: number;
}

export interface ResizedImage {
  readonly data: Buffer;
  readonly format: ImageFormat;
  /** The width that was asked for. */
  readonly askedWidth: number;
  readonly width: number;
  /** Of one frame. */
  readonly height: number;
  /** The file holds more images, which are not in this one. */
  readonly onlyFirst: boolean;
}

/**
 * Resizes an image to each of the widths, one after the other, so that only one result is in memory.
 * The same input and options always give the same bytes.
 *
 * @param input the file's bytes, or the path of a file
 * @throws Fault permanent when the input is not an image that can be read, or more of one than the
 * options and limits allow; transient when the time was not enough.
 */
export async function* resize(
  input: Uint8Array | string,
  options: ResizeOptions,
  { secondsLeft = () => 0, bytes = Infinity }: ResizeLimits = {},
): AsyncGenerator<ResizedImage> {
  const image = await inspect(input, options.maxPixels);
  checkMemory(image, bytes);
  for (const askedWidth of options.widths) {
    const format = options.format === 'same' ? image.format : options.format;
    const animated = image.frames > 1 && FORMATS[format].animates;
    checkResult(image, options, askedWidth, animated ? image.frames : 1);
    const { data, info } = await render(failOn => {
      const opened = open(input, options, { animated, failOn });
      const shaped = shape(opened, image, options, { askedWidth, format });
      return encode(shaped, format, options).timeout({ seconds: secondsLeft() });
    });
    const { width, height, pageHeight = height } = info;
    const onlyFirst = image.holdsMore || (image.frames > 1 && !animated);
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
function checkMemory({ decodedBytes }: Image, bytes: number): void {
  if (decodedBytes <= bytes) return;
  const missing = Math.ceil((decodedBytes - bytes) / 1024 ** 2);
  throw permanent(
    'NeedsMoreMemory',
    `An image of this size and kind takes ${Math.ceil(decodedBytes / 1024 ** 2)} MB to decode: ` +
      `give the function at least ${missing} MB more`,
  );
}

/** A sliver of an image becomes huge when its short side is enlarged. */
function checkResult(
  image: Image,
  options: ResizeOptions,
  askedWidth: number,
  frames: number,
): void {
  const { width, height } = resultSize(image, { ...options, width: askedWidth });
  if (width * height * frames <= options.maxPixels) return;
  throw permanent(
    'TooManyPixels',
    `The resized image would have ${width} × ${height} pixels; MAX_PIXELS is ${options.maxPixels}`,
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
  image: Image,
  { height, fit, enlarge, keepMetadata }: ResizeOptions,
  { askedWidth, format }: { askedWidth: number; format: ImageFormat },
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
  if (image.hasAlpha && !hasAlpha) shaped = shaped.flatten({ background: '#fff' });
  if (keepMetadata) shaped = shaped.keepMetadata();
  return image.isGrey && !keepMetadata ? shaped.toColourspace('b-w') : shaped;
}

function encode(pipeline: Sharp, format: ImageFormat, { quality }: ResizeOptions): Sharp {
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
