import { describe, expect, test } from 'vitest';
import { renderKey, parseKeyTemplate } from '../../../../lambda/resize/keyTemplate.ts';
import { parseOptions } from '../../../../lambda/resize/options.ts';
import type { ImageFormat } from '../../../../lambda/resize/imageFormat.ts';

describe('options', () => {
  test('are the lab’s when nothing is set', () => {
    expect(parseOptions({})).toMatchObject({
      destinationBucket: undefined,
      keyTemplate: { text: 'resized-{key}', prefix: 'resized-' },
      widths: [200],
      height: undefined,
      fit: 'inside',
      format: 'same',
      quality: undefined,
      enlarge: false,
      keepMetadata: false,
      keepTags: false,
      maxPixels: 100_000_000,
      maxBytes: 256 * 1024 ** 2,
      permanentErrors: 'log',
    });
  });

  test('that are empty or blank have their default', () => {
    const names = ['WIDTHS', 'HEIGHT', 'FIT', 'FORMAT', 'QUALITY', 'ENLARGE', 'KEY_TEMPLATE'];
    const empty = Object.fromEntries(names.map((name, at) => [name, at % 2 ? '' : '  ']));
    expect(parseOptions(empty)).toEqual(parseOptions({}));
  });

  test('are read from their variables', () => {
    const options = parseOptions({
      DESTINATION_BUCKET: 'thumbnails',
      KEY_TEMPLATE: '{folder}{width}/{name}.{extension}',
      WIDTHS: '100, 800',
      HEIGHT: '600',
      FIT: 'cover',
      FORMAT: 'webp',
      QUALITY: '75',
      ENLARGE: 'true',
      KEEP_METADATA: 'true',
      KEEP_TAGS: 'true',
      MAX_PIXELS: '1000000',
      MAX_BYTES: '5000000',
      PERMANENT_ERRORS: 'throw',
    });
    expect(options).toMatchObject({
      destinationBucket: 'thumbnails',
      widths: [100, 800],
      height: 600,
      fit: 'cover',
      format: 'webp',
      quality: 75,
      enlarge: true,
      keepMetadata: true,
      keepTags: true,
      maxPixels: 1_000_000,
      maxBytes: 5_000_000,
      permanentErrors: 'throw',
    });
  });

  test.each([
    ['WIDTHS', '0'],
    ['WIDTHS', '16384'],
    ['WIDTHS', '1e3'],
    ['WIDTHS', '-5'],
    ['WIDTHS', '100.5'],
    ['WIDTHS', '100,'],
    ['WIDTHS', 'wide'],
    ['WIDTHS', '100,100'],
    ['WIDTHS', Array.from({ length: 17 }, (_, at) => at + 1).join(',')],
    ['HEIGHT', '0x10'],
    ['FIT', 'Cover'],
    ['FORMAT', 'gif'],
    ['FORMAT', 'jpg'],
    ['QUALITY', '0'],
    ['QUALITY', '101'],
    ['ENLARGE', 'yes'],
    ['KEEP_METADATA', '1'],
    ['KEEP_TAGS', 'TRUE'],
    ['MAX_PIXELS', '0'],
    ['MAX_BYTES', '5GB'],
    ['PERMANENT_ERRORS', 'ignore'],
    ['DESTINATION_BUCKET', 's3://bucket'],
    ['DESTINATION_BUCKET', 'Bucket'],
    ['DESTINATION_BUCKET', 'ab'],
    ['DESTINATION_BUCKET', 'photos--use1-az4--x-s3'],
    ['KEY_TEMPLATE', 'same.png'],
    ['KEY_TEMPLATE', '{folder}thumbnail.png'],
    ['KEY_TEMPLATE', '{key}-{size}'],
    ['KEY_TEMPLATE', '{key}}'],
    ['KEY_TEMPLATE', '{{key}'],
    ['KEY_TEMPLATE', '{ key }'],
  ])('%s=%s is refused with the name of the variable', (name, value) => {
    expect(() => parseOptions({ [name]: value })).toThrow(new RegExp(`^${name}: .*`));
    expect(() => parseOptions({ [name]: value })).toThrow(JSON.stringify(value));
  });

  test('several widths need {width}', () => {
    expect(() => parseOptions({ WIDTHS: '1,2' })).toThrow(/^KEY_TEMPLATE: .*\{width\}/);
    expect(parseOptions({ WIDTHS: '1,2', KEY_TEMPLATE: '{width}/{key}' }).widths).toEqual([1, 2]);
  });
});

describe('key templates', () => {
  const key = (template: string, source: string, format: ImageFormat = 'jpeg'): string =>
    renderKey(parseKeyTemplate(template), { key: source, width: 200, format });

  test.each([
    ['resized-{key}', 'photo.jpg', 'resized-photo.jpg'],
    ['resized-{key}', 'a/b/photo.jpg', 'resized-a/b/photo.jpg'],
    ['{folder}{width}/{name}.{extension}', 'a/b/photo.jpg', 'a/b/200/photo.jpg'],
    ['{folder}{width}/{name}.{extension}', 'photo.jpg', '200/photo.jpg'],
    ['{name}.{extension}', 'photo.JPG', 'photo.JPG'],
    ['{name}.{extension}', 'photo.jpeg', 'photo.jpeg'],
    ['{name}.{extension}', 'photo', 'photo.jpg'],
    ['{name}.{extension}', '.hidden', '.hidden.jpg'],
    ['{name}.{extension}', 'a.b/photo', 'photo.jpg'],
    ['{name}.{extension}', 'archive.tar.jpg', 'archive.tar.jpg'],
    // The wrong extension is mended where the template asks for one.
    ['{name}.{extension}', 'photo.png', 'photo.jpg'],
    ['x/{key}', 'räksmörgås 😀+&%.jpg', 'x/räksmörgås 😀+&%.jpg'],
    // Dollar signs and placeholders in a key are text.
    ['x/{key}', '$&-{width}.jpg', 'x/$&-{width}.jpg'],
    ['{key}{key}', 'a', 'aa'],
  ])('%s of %s is %s', (template, source, expected) => {
    expect(key(template, source)).toBe(expected);
  });

  test('the extension is the one of the format that is written', () => {
    expect(key('{name}.{extension}', 'photo.jpg', 'webp')).toBe('photo.webp');
    expect(key('{name}.{extension}', 'photo.jpg', 'avif')).toBe('photo.avif');
    expect(key('{name}.{extension}', 'photo.tif', 'tiff')).toBe('photo.tif');
  });

  test('a key that S3 would not take is a permanent fault', () => {
    const longest = 'é'.repeat(508);
    expect(Buffer.byteLength(key('resized-{key}', longest))).toBe(1024);
    expect(() => key('resized-{key}', `${longest}x`)).toThrow(
      expect.objectContaining({ kind: 'permanent', name: 'KeyTooLong' }),
    );
  });
});
