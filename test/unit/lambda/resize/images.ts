import sharp from 'sharp';
import type { Sharp } from 'sharp';
import { parseOptions } from '../../../../lambda/resize/options.ts';
import { resize } from '../../../../lambda/resize/resize.ts';
import type { ResizedImage, ResizeLimits } from '../../../../lambda/resize/resize.ts';

export const RED = { r: 208, g: 64, b: 48 };
export const GREEN = { r: 32, g: 160, b: 64 };

/** An image whose left half is red and whose right half is green, so that turning it shows. */
export function twoHalves(width = 400, height = 200): Sharp {
  const right = { create: { width: width / 2, height, channels: 3 as const, background: GREEN } };
  return sharp({ create: { width, height, channels: 3, background: RED } }).composite([
    { input: right, left: width / 2, top: 0 },
  ]);
}

/** A photograph's texture: grain, which compresses badly and shows where data is missing. */
export function grain(width = 400, height = 300): Sharp {
  const noise = { type: 'gaussian' as const, mean: 128, sigma: 40 };
  return sharp({ create: { width, height, channels: 3, background: '#888', noise } });
}

/** Three frames, red, green and blue, shown for 100, 200 and 300 ms, twice. */
export async function animation(format: 'gif' | 'webp', width = 60, height = 40): Promise<Buffer> {
  const frame = (colour: number[]): Buffer => Buffer.alloc(width * height * 4, Buffer.from(colour));
  const frames = Buffer.concat([
    frame([255, 0, 0, 255]),
    frame([0, 255, 0, 255]),
    frame([0, 0, 255, 255]),
  ]);
  const raw = { width, height: height * 3, channels: 4 as const, pageHeight: height };
  const options = { delay: [100, 200, 300], loop: 2 };
  const pipeline = sharp(frames, { raw });
  return await (format === 'gif' ? pipeline.gif(options) : pipeline.webp(options)).toBuffer();
}

/** Resizes with the options that environment variables give. */
export async function resized(
  input: Uint8Array | string,
  environment: Record<string, string> = {},
  limits?: ResizeLimits,
): Promise<ResizedImage> {
  const [first] = await resizedAll(input, environment, limits);
  return first!;
}

export async function resizedAll(
  input: Uint8Array | string,
  environment: Record<string, string> = {},
  limits?: ResizeLimits,
): Promise<ResizedImage[]> {
  const images: ResizedImage[] = [];
  for await (const each of resize(input, parseOptions(environment), limits)) images.push(each);
  return images;
}

/** The colour of a pixel as a browser would show it. */
export async function pixel(data: Buffer, x: number, y: number, page = 0): Promise<number[]> {
  const raw = await sharp(data, { page })
    .toColourspace('srgb')
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const at = (y * raw.info.width + x) * 4;
  return [...raw.data.subarray(at, at + 4)];
}

/** Whether a pixel is a colour, as near as lossy formats keep it. */
export function isNear(actual: readonly number[], { r, g, b }: typeof RED, most = 8): boolean {
  return [r, g, b].every((value, at) => Math.abs(value - (actual[at] ?? -1000)) <= most);
}
