import sharp from 'sharp';
import type { Sharp } from 'sharp';
import { decodeFault } from './decodeFault.ts';
import { inspect } from './inspect.ts';
import type { Picture } from './inspect.ts';
import { FORMATS } from './pictureFormat.ts';
import type { PictureFormat } from './pictureFormat.ts';

/** How pictures are resized. */
export interface ResizeOptions {
  /** The widths in pixels, one resized picture for each. */
  readonly widths: readonly number[];
  /** The height in pixels; undefined: by the picture's proportions. */
  readonly height: number | undefined;
  /** How a picture is fitted into width and height when both are given; sharp's names, CSS's meanings. */
  readonly fit: 'cover' | 'contain' | 'fill' | 'inside' | 'outside';
  readonly format: 'same' | 'jpeg' | 'png' | 'webp' | 'avif';
  /** 1 to 100 for JPEG, WebP and AVIF; undefined: the encoder's default (80, for AVIF 50). */
  readonly quality: number | undefined;
  /** Whether a picture smaller than asked for is enlarged. */
  readonly enlarge: boolean;
  /** Whether EXIF, XMP, IPTC and the colour profile go into the resized picture. */
  readonly keepMetadata: boolean;
  /** The most pixels that are decoded, all frames of an animation together. */
  readonly maxPixels: number;
}

export interface ResizedPicture {
  readonly data: Buffer;
  readonly format: PictureFormat;
  /** The width that was asked for. */
  readonly askedWidth: number;
  readonly width: number;
  /** Of one frame. */
  readonly height: number;
}

/**
 * Resizes a picture to each of the widths, one after the other, so that only one result is in memory.
 * The same input and options always give the same bytes.
 *
 * @param input the file's bytes, or the path of a file
 * @param seconds how long one result may take
 * @throws Fault permanent when the input is not a picture that can be read, or has too many pixels;
 * transient when the time was not enough.
 */
export async function* resize(
  input: Uint8Array | string,
  options: ResizeOptions,
  seconds = 0,
): AsyncGenerator<ResizedPicture> {
  const picture = await inspect(input, options.maxPixels);
  for (const width of options.widths) {
    const { pipeline, format } = pipelineFor(input, picture, options, width);
    try {
      const { data, info } = await pipeline
        .timeout({ seconds })
        .toBuffer({ resolveWithObject: true });
      yield {
        data,
        format,
        askedWidth: width,
        width: info.width,
        height: info.pageHeight ?? info.height,
      };
    } catch (error) {
      throw decodeFault(error);
    }
  }
}

function pipelineFor(
  input: Uint8Array | string,
  picture: Picture,
  options: ResizeOptions,
  width: number,
): { pipeline: Sharp; format: PictureFormat } {
  const format = options.format === 'same' ? picture.format : options.format;
  const animated = picture.frames > 1 && FORMATS[format].animates;
  let pipeline = sharp(input, {
    animated,
    limitInputPixels: options.maxPixels,
    // Phones write the pixels as the sensor has them and say in EXIF how to turn them; frames can't be.
    autoOrient: !animated,
  }).resize({
    width,
    height: options.height,
    fit: options.height === undefined ? 'inside' : options.fit,
    withoutEnlargement: !options.enlarge,
    background: { r: 255, g: 255, b: 255, alpha: FORMATS[format].hasAlpha ? 0 : 1 },
  });
  // Else what is transparent would turn black.
  if (picture.hasAlpha && !FORMATS[format].hasAlpha)
    pipeline = pipeline.flatten({ background: '#fff' });
  if (options.keepMetadata) pipeline = pipeline.keepMetadata();
  return { pipeline: encode(pipeline, format, options.quality), format };
}

function encode(pipeline: Sharp, format: PictureFormat, quality: number | undefined): Sharp {
  switch (format) {
    case 'jpeg':
      return pipeline.jpeg({ quality });
    case 'webp':
      return pipeline.webp({ quality });
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
