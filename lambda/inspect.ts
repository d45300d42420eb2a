import { open } from 'node:fs/promises';
import sharp from 'sharp';
import type { Metadata } from 'sharp';
import { decodeFault } from './decodeFault.ts';
import { permanent } from './fault.ts';
import { SNIFFED_BYTES, sniff } from './pictureFormat.ts';
import type { PictureFormat } from './pictureFormat.ts';

/** What a picture's header says. */
export interface Picture {
  readonly format: PictureFormat;
  readonly frames: number;
  readonly hasAlpha: boolean;
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
 * Reads a picture's header; no pixel is decoded.
 *
 * @param maxPixels the most pixels that may be decoded, all frames together
 * @throws Fault permanent `EmptyObject`, `NotAPicture`, `UnsupportedFormat`, `TooManyPixels` or
 * `CorruptPicture`.
 */
export async function inspect(input: Uint8Array | string, maxPixels: number): Promise<Picture> {
  const head = typeof input === 'string' ? await readHead(input) : input;
  if (head.length === 0) throw permanent('EmptyObject', 'The object has no bytes');
  const format = sniff(head);
  if (format === undefined) {
    throw permanent(
      'NotAPicture',
      'The object is not a JPEG, PNG, WebP, AVIF, GIF or TIFF picture',
    );
  }
  if (typeof format !== 'string') throw permanent('UnsupportedFormat', format.refused);
  const facts = await readHeader(input);
  const frames = facts.pages ?? 1;
  const pixels =
    facts.width * (facts.pageHeight ?? facts.height) * (isAnimation(format) ? frames : 1);
  if (pixels > maxPixels) {
    const size = `${facts.width} × ${facts.height}${frames > 1 ? ` × ${frames} frames` : ''}`;
    throw permanent('TooManyPixels', `The picture has ${size} pixels; MAX_PIXELS is ${maxPixels}`);
  }
  return { format, frames: isAnimation(format) ? frames : 1, hasAlpha: facts.hasAlpha };
}

/** Pages of a TIFF are pages, not frames. */
function isAnimation(format: PictureFormat): boolean {
  return format === 'gif' || format === 'webp';
}

async function readHeader(input: Uint8Array | string): Promise<Metadata> {
  try {
    return await sharp(input, { limitInputPixels: false }).metadata();
  } catch (error) {
    throw decodeFault(error);
  }
}

async function readHead(path: string): Promise<Uint8Array> {
  await using file = await open(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(SNIFFED_BYTES), 0, SNIFFED_BYTES, 0);
  return buffer.subarray(0, bytesRead);
}
