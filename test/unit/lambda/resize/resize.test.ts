import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { newTemporaryFolder } from '../../../support/paths.ts';
import { animation, GREEN, grain, isNear, pixel, RED, resized, resizedAll } from './images.ts';
import { twoHalves } from './images.ts';

describe('formats', () => {
  test.each(['jpeg', 'png', 'webp', 'avif', 'gif', 'tiff'] as const)(
    '%s stays %s, 200 wide',
    async format => {
      const source = await twoHalves().toFormat(format).toBuffer();
      const image = await resized(source);
      expect(image).toMatchObject({ format, width: 200, height: 100, askedWidth: 200 });
      const { format: written, width, height } = await sharp(image.data).metadata();
      expect(written).toBe(format === 'avif' ? 'heif' : format);
      expect([width, height]).toEqual([200, 100]);
      expect(isNear(await pixel(image.data, 20, 50), RED)).toBe(true);
      expect(isNear(await pixel(image.data, 180, 50), GREEN)).toBe(true);
    },
  );

  test.each(['jpeg', 'png', 'webp', 'avif'] as const)('any becomes %s when asked', async FORMAT => {
    const image = await resized(await twoHalves().tiff().toBuffer(), { FORMAT });
    expect(image.format).toBe(FORMAT);
    expect(isNear(await pixel(image.data, 20, 50), RED)).toBe(true);
  });

  test('the format is what the bytes are', async () => {
    // A PNG uploaded as photo.jpg: the core never sees a name.
    expect((await resized(await twoHalves().png().toBuffer())).format).toBe('png');
  });

  test('a lower quality gives fewer bytes', async () => {
    const source = await grain().png().toBuffer();
    for (const FORMAT of ['jpeg', 'webp', 'avif']) {
      const [low, high] = [
        await resized(source, { FORMAT, QUALITY: '20' }),
        await resized(source, { FORMAT, QUALITY: '95' }),
      ];
      expect(low.data.length, FORMAT).toBeLessThan(high.data.length / 2);
    }
  });
});

describe('sizes', () => {
  test('one image for each width, in their order', async () => {
    const source = await twoHalves().png().toBuffer();
    const env = { WIDTHS: '100, 20,300', KEY_TEMPLATE: '{width}/{key}' };
    const sizes = (await resizedAll(source, env)).map(({ width, height }) => [width, height]);
    expect(sizes).toEqual([
      [100, 50],
      [20, 10],
      [300, 150],
    ]);
  });

  test.each([
    ['inside', 100, 50],
    ['outside', 200, 100],
    ['cover', 100, 100],
    ['contain', 100, 100],
    ['fill', 100, 100],
  ])('%s into 100 × 100 is %i × %i', async (FIT, width, height) => {
    const source = await twoHalves().png().toBuffer();
    const image = await resized(source, { WIDTHS: '100', HEIGHT: '100', FIT });
    expect(image).toMatchObject({ width, height });
  });

  test('what contain adds is transparent, or white where there is no transparency', async () => {
    const env = { WIDTHS: '100', HEIGHT: '100', FIT: 'contain' };
    const png = await resized(await twoHalves().png().toBuffer(), env);
    expect((await pixel(png.data, 50, 5))[3]).toBe(0);
    const jpeg = await resized(await twoHalves().jpeg().toBuffer(), env);
    expect(isNear(await pixel(jpeg.data, 50, 5), { r: 255, g: 255, b: 255 })).toBe(true);
  });

  test.each(['inside', 'outside', 'cover', 'fill'])(
    'a small image is not enlarged by %s',
    async FIT => {
      const source = await twoHalves(60, 40).png().toBuffer();
      const image = await resized(source, { WIDTHS: '600', HEIGHT: '400', FIT });
      expect(image).toMatchObject({ width: 60, height: 40 });
    },
  );

  test('a small image is enlarged when asked', async () => {
    const source = await twoHalves(60, 40).png().toBuffer();
    const image = await resized(source, { WIDTHS: '600', ENLARGE: 'true' });
    expect(image).toMatchObject({ width: 600, height: 400 });
  });

  test.each([
    [1, 1, 1, 1],
    [10_000, 1, 200, 1],
    [1, 10_000, 1, 10_000],
  ])('%i × %i becomes %i × %i', async (width, height, toWidth, toHeight) => {
    const create = { width, height, channels: 3 as const, background: RED };
    const image = await resized(await sharp({ create }).png().toBuffer());
    expect(image).toMatchObject({ width: toWidth, height: toHeight });
  });
});

describe('what an image carries', () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'is turned as EXIF orientation %i says',
    async orientation => {
      const source = await twoHalves().withMetadata({ orientation }).jpeg().toBuffer();
      const turned = orientation > 4;
      const image = await resized(source, { WIDTHS: '100' });
      expect(image).toMatchObject({ width: 100, height: turned ? 200 : 50 });
      expect((await sharp(image.data).metadata()).orientation ?? 1).toBe(1);
      // Where the left half of the pixels is to be seen, by the EXIF specification.
      const sides = ['left', 'right', 'right', 'left', 'top', 'top', 'bottom', 'bottom'] as const;
      const side = sides[orientation - 1]!;
      const { width, height } = image;
      const [x = 0, y = 0] = {
        left: [10, height / 2],
        right: [width - 10, height / 2],
        top: [width / 2, 10],
        bottom: [width / 2, height - 10],
      }[side];
      expect(isNear(await pixel(image.data, x, y), RED)).toBe(true);
    },
  );

  test('fits a turned image as it is seen', async () => {
    const source = await twoHalves().withMetadata({ orientation: 6 }).jpeg().toBuffer();
    const image = await resized(source, { WIDTHS: '100', HEIGHT: '100' });
    expect(image).toMatchObject({ width: 50, height: 100 });
  });

  test('loses its metadata, unless they are kept', async () => {
    const exif = { IFD0: { Copyright: 'Bucket Brigade' } };
    const source = await twoHalves().withExif(exif).withIccProfile('p3').jpeg().toBuffer();
    const bare = await sharp((await resized(source)).data).metadata();
    expect([bare.exif, bare.icc]).toEqual([undefined, undefined]);
    const kept = await resized(source, { KEEP_METADATA: 'true' });
    const metadata = await sharp(kept.data).metadata();
    expect(metadata.exif!.toString('latin1')).toContain('Bucket Brigade');
    expect(metadata.icc).toBeDefined();
  });

  test.each(['true', 'false'])(
    'keeps its colours when it has a profile (metadata kept: %s)',
    async KEEP_METADATA => {
      const source = await twoHalves().withIccProfile('p3').jpeg({ quality: 100 }).toBuffer();
      const image = await resized(source, { KEEP_METADATA });
      expect(isNear(await pixel(image.data, 20, 50), RED)).toBe(true);
      expect(isNear(await pixel(image.data, 180, 50), GREEN)).toBe(true);
    },
  );

  test.each(['jpeg', 'tiff'] as const)('CMYK %s is written as RGB', async format => {
    const source = await twoHalves().toColourspace('cmyk').toFormat(format).toBuffer();
    expect((await sharp(source).metadata()).space).toBe('cmyk');
    for (const KEEP_METADATA of ['false', 'true']) {
      const { data } = await resized(source, { KEEP_METADATA });
      expect((await sharp(data).metadata()).space).toBe('srgb');
      // Without a profile in the image CMYK is only near.
      expect(isNear(await pixel(data, 20, 50), RED, 40)).toBe(true);
      expect(isNear(await pixel(data, 180, 50), GREEN, 40)).toBe(true);
    }
  });

  test.each(['jpeg', 'png', 'webp'])(
    'CMYK with a profile keeps its colours in %s',
    async FORMAT => {
      const source = await twoHalves().withIccProfile('cmyk').jpeg({ quality: 100 }).toBuffer();
      expect(await sharp(source).metadata()).toMatchObject({ space: 'cmyk', hasProfile: true });
      for (const x of [20, 180]) {
        const [r = 0, g = 0, b = 0] = await pixel(source, x * 2, 100);
        for (const KEEP_METADATA of ['false', 'true']) {
          const { data } = await resized(source, { FORMAT, KEEP_METADATA });
          expect(isNear(await pixel(data, x, 50), { r, g, b }), KEEP_METADATA).toBe(true);
        }
      }
    },
  );

  test.each(['png', 'tiff'] as const)('16 bit %s keeps its colours in 8 bit', async format => {
    const options = format === 'tiff' ? { compression: 'lzw' } : {};
    const source = await twoHalves().toColourspace('rgb16').toFormat(format, options).toBuffer();
    expect((await sharp(source).metadata()).depth).toBe('ushort');
    for (const FORMAT of ['same', 'jpeg', 'avif']) {
      const { data } = await resized(source, { FORMAT });
      expect((await sharp(data).metadata()).depth).toBe('uchar');
      expect(isNear(await pixel(data, 20, 50), RED), FORMAT).toBe(true);
    }
  });

  test.each(['b-w', 'grey16'] as const)('grey stays grey: %s', async space => {
    const source = await twoHalves().toColourspace(space).png().toBuffer();
    for (const FORMAT of ['png', 'jpeg']) {
      const { data } = await resized(source, { FORMAT });
      expect(await sharp(data).metadata()).toMatchObject({ space: 'b-w', depth: 'uchar' });
    }
    const [grey] = await pixel((await resized(source)).data, 20, 50);
    expect(grey).toBe((await pixel(source, 40, 100))[0]);
  });

  test('grey with transparency keeps it', async () => {
    const create = { width: 40, height: 40, channels: 4 as const, background: '#80808080' };
    const source = await sharp({ create }).toColourspace('b-w').png().toBuffer();
    const { data } = await resized(source, { WIDTHS: '20' });
    expect((await pixel(data, 10, 10))[3]).toBe(128);
  });

  test.each(['png', 'webp', 'avif', 'tiff'] as const)('transparency stays in %s', async format => {
    const create = { width: 40, height: 40, channels: 4 as const, background: '#ff000080' };
    const options = format === 'tiff' ? { compression: 'lzw' } : {};
    const { data } = await resized(await sharp({ create }).toFormat(format, options).toBuffer());
    expect(Math.abs((await pixel(data, 20, 20))[3]! - 128)).toBeLessThan(4);
  });

  test('what is transparent becomes white in JPEG', async () => {
    const create = { width: 40, height: 40, channels: 4 as const, background: '#00000000' };
    const { data } = await resized(await sharp({ create }).png().toBuffer(), { FORMAT: 'jpeg' });
    expect(await pixel(data, 20, 20)).toEqual([255, 255, 255, 255]);
  });

  test('a progressive JPEG is resized', async () => {
    const { data } = await resized(await twoHalves().jpeg({ progressive: true }).toBuffer());
    expect(isNear(await pixel(data, 20, 50), RED)).toBe(true);
  });
});

describe('animations', () => {
  test.each([
    ['gif', 'same'],
    ['webp', 'same'],
    ['gif', 'webp'],
  ] as const)('%s to %s keeps frames, delays and loops', async (format, FORMAT) => {
    const image = await resized(await animation(format), { WIDTHS: '30', FORMAT });
    expect(image).toMatchObject({ width: 30, height: 20 });
    const metadata = await sharp(image.data, { animated: true }).metadata();
    expect(metadata).toMatchObject({ pages: 3, pageHeight: 20, loop: 2, delay: [100, 200, 300] });
    expect((await pixel(image.data, 15, 10, 2))[2]).toBeGreaterThan(245);
  });

  test.each(['png', 'jpeg', 'avif'] as const)('to %s gives the first frame', async FORMAT => {
    const image = await resized(await animation('gif'), { WIDTHS: '30', FORMAT });
    expect(image).toMatchObject({ width: 30, height: 20 });
    expect((await pixel(image.data, 15, 10))[0]).toBeGreaterThan(245);
  });

  test('of which only the first image is taken say so', async () => {
    const gif = await animation('gif');
    expect((await resized(gif, { FORMAT: 'same' })).onlyFirst).toBe(false);
    expect((await resized(gif, { FORMAT: 'png' })).onlyFirst).toBe(true);
    const still = await twoHalves().png().toBuffer();
    expect((await resized(still)).onlyFirst).toBe(false);
    // PNG specification: an animation control chunk before the pixels; here of two frames.
    const chunk = Buffer.from('0000000861635450000000020000000000000000', 'hex');
    chunk.write('acTL', 4, 'latin1');
    chunk.writeUInt32BE(crc32(chunk.subarray(4, 16)), 16);
    const animated = Buffer.concat([still.subarray(0, 33), chunk, still.subarray(33)]);
    expect((await resized(animated)).onlyFirst).toBe(true);
    const path = join(newTemporaryFolder('image'), 'animated');
    await writeFile(path, animated);
    expect((await resized(path)).onlyFirst).toBe(true);
  });

  test('AVIF sequences and further pages of a TIFF are named too', async () => {
    const avif = await twoHalves().avif().toBuffer();
    expect((await resized(avif)).onlyFirst).toBe(false);
    const sequence = Buffer.from(avif);
    sequence.write('avis', sequence.indexOf('mif1', 12, 'latin1'), 'latin1');
    expect((await resized(sequence)).onlyFirst).toBe(true);
    const pages = await sharp(await animation('gif'), { animated: true })
      .tiff({ compression: 'lzw' })
      .toBuffer();
    expect((await resized(pages)).onlyFirst).toBe(true);
  });

  test.each(['cover', 'contain', 'inside'])('%s fits each frame', async FIT => {
    const image = await resized(await animation('webp'), { WIDTHS: '30', HEIGHT: '30', FIT });
    const { pages, pageHeight } = await sharp(image.data, { animated: true }).metadata();
    expect([pages, pageHeight]).toEqual([3, FIT === 'inside' ? 20 : 30]);
    expect(image.height).toBe(pageHeight);
  });
});

describe('the same input', () => {
  test.each(['jpeg', 'png', 'webp', 'avif', 'gif', 'tiff'] as const)(
    'gives the same bytes again as %s',
    async format => {
      const source = await grain(200, 100).toFormat(format).toBuffer();
      const first = await resized(source, { WIDTHS: '50' });
      expect((await resized(source, { WIDTHS: '50' })).data.equals(first.data)).toBe(true);
    },
  );

  test('gives the same bytes from a file', async () => {
    const source = await grain().jpeg().toBuffer();
    const path = join(newTemporaryFolder('image'), 'source');
    await writeFile(path, source);
    expect((await resized(path)).data.equals((await resized(source)).data)).toBe(true);
  });
});
