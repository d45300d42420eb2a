import { open } from 'node:fs/promises';
import sharp from 'sharp';
import type { Metadata } from 'sharp';
import { decodeFault } from './decodeFault.ts';
import { permanent } from './fault.ts';
import { isAnimatedPng } from './animatedPng.ts';
import { SNIFFED_BYTES, isSequence, sniff } from './imageFormat.ts';
import type { ImageFormat } from './imageFormat.ts';

/** What an image's header says. */
export interface Image {
  readonly format: ImageFormat;
  /** As it is seen: turned as EXIF says. */
  readonly width: number;
  /** Of one frame. */
  readonly height: number;
  readonly frames: number;
  /** There are more images in the file, which are never decoded: of an APNG, AVIF sequence or TIFF. */
  readonly holdsMore: boolean;
  readonly hasAlpha: boolean;
  readonly isGrey: boolean;
  /** What the decoder holds at once, in bytes; 0 where it reads line by line or at a smaller scale. */
  readonly decodedBytes: number;
}

// Nothing else is ever decoded, whatever a file claims to be: no SVG, no PDF, no camera raw files.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: [
    'VipsForeignLoadJpeg',
    'VipsForeignLoadPng',
    'VipsForeignLoadWebp',
    'VipsForeignLoadHeif',
    'VipsForeignLoadNsgif',
    'VipsForeignLoadTiff',
  ],
});

/**
 * Reads an image's header; no pixel is decoded.
 *
 * @param input the file's bytes, or the path of a file
 * @param maxPixels the most pixels that may be decoded, all frames together
 * @throws Fault permanent `EmptyObject`, `NotAnImage`, `UnsupportedFormat`, `TooManyPixels` or
 * `CorruptImage`.
 */
export async function inspect(input: Uint8Array | string, maxPixels: number): Promise<Image> {
  const head = typeof input === 'string' ? await readHead(input) : input;
  const format = formatOf(head);
  const facts = await readHeader(input);
  // Pages of a TIFF are pages, not frames: only the first is resized.
  const frames = format === 'gif' || format === 'webp' ? (facts.pages ?? 1) : 1;
  const { width, height } = facts.autoOrient;
  const frameHeight = frames > 1 ? (facts.pageHeight ?? height) : height;
  if (width * frameHeight * frames > maxPixels) {
    const size = `${width} × ${frameHeight}${frames > 1 ? ` × ${frames} frames` : ''}`;
    throw permanent('TooManyPixels', `The image has ${size} pixels; MAX_PIXELS is ${maxPixels}`);
  }
  return {
    format,
    width,
    height: frameHeight,
    frames,
    holdsMore: await holdsMore(input, head, format, facts),
    hasAlpha: facts.hasAlpha,
    isGrey: facts.space === 'b-w' || facts.space === 'grey16',
    decodedBytes: Math.ceil(width * frameHeight * bytesPerPixel(format, facts)),
  };
}

function formatOf(head: Uint8Array): ImageFormat {
  if (head.length === 0) throw permanent('EmptyObject', 'The object has no bytes');
  const format = sniff(head);
  if (format === undefined) {
    throw permanent('NotAnImage', 'The object is not a JPEG, PNG, WebP, AVIF, GIF or TIFF image');
  }
  if (typeof format !== 'string') throw permanent('UnsupportedFormat', format.refused);
  return format;
}

async function holdsMore(
  input: Uint8Array | string,
  head: Uint8Array,
  format: ImageFormat,
  { pages = 1 }: Metadata,
): Promise<boolean> {
  switch (format) {
    case 'png':
      return await isAnimatedPng(input);
    case 'avif':
      return isSequence(head);
    case 'tiff':
      return pages > 1;
    default:
      return false;
  }
}

/**
 * How much each decoder holds of an image: measured, and rounded up. Baseline JPEG, plain PNG and TIFF
 * are read line by line, WebP at a smaller scale.
 */
function bytesPerPixel(format: ImageFormat, facts: Metadata): number {
  const sampleBytes = facts.depth === 'ushort' ? 2 : 1;
  switch (format) {
    case 'jpeg':
      // All coefficients, 16 bits each; with 4:2:0 the two colours have a quarter of them each.
      if (!facts.isProgressive) return 0;
      return facts.chromaSubsampling === '4:2:0' ? 3.2 : 2.1 * facts.channels;
    case 'png':
      return facts.isProgressive ? 1.2 * facts.channels * sampleBytes : 0;
    case 'gif':
      return 5;
    case 'webp':
      return facts.pages !== undefined && facts.pages > 1 ? 8 : 0;
    case 'avif':
      return 18;
    case 'tiff':
      return 0;
  }
}

async function readHeader(input: Uint8Array | string): Promise<Metadata> {
  try {
    // What a header has wrong beside the image is judged when it is decoded.
    return await sharp(input, { limitInputPixels: false, failOn: 'error' }).metadata();
  } catch (error) {
    throw decodeFault(error);
  }
}

async function readHead(path: string): Promise<Uint8Array> {
  await using file = await open(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(SNIFFED_BYTES), 0, SNIFFED_BYTES, 0);
  return buffer.subarray(0, bytesRead);
}
