import { globSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deflateSync, crc32 } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { Fault } from '../../../../lambda/resize/fault.ts';
import { newTemporaryFolder } from '../../../support/paths.ts';
import { readText } from '../../../support/sources.ts';
import { animation, grain, resized, resizedAll, twoHalves } from './images.ts';

/** The fault that resizing ends with. */
async function faultOf(...args: Parameters<typeof resized>): Promise<Fault> {
  try {
    await resizedAll(...args);
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  throw new Error('It was resized.');
}

const half = (bytes: Buffer): Buffer => bytes.subarray(0, bytes.length / 2);

function damaged(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  const from = Math.floor(copy.length / 2);
  for (let at = from; at < from + 2000; at++) copy[at] = (at * 7919) & 0xff;
  return copy;
}

/** A PNG that says how large it is, over the pixels of one black line compressed over and over. */
function bomb(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const ends = Buffer.alloc(8);
    ends.writeUInt32BE(data.length, 0);
    ends.writeUInt32BE(crc32(body), 4);
    return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // Eight bits of grey.
  header.writeUInt8(8, 8);
  const lines = deflateSync(Buffer.alloc((width + 1) * Math.min(height, 2000)), { level: 9 });
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', lines),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

describe('what is not an image', () => {
  test.each([
    ['nothing', Buffer.alloc(0), 'EmptyObject'],
    ['text', Buffer.from('hello, world'), 'NotAnImage'],
    ['a zip', Buffer.from('PK\x03\x04'), 'NotAnImage'],
    ['zeros', Buffer.alloc(5000), 'NotAnImage'],
    ['one byte', Buffer.from([0xff]), 'NotAnImage'],
    ['a PDF', Buffer.from('%PDF-1.7\n'), 'UnsupportedFormat'],
    ['HTML', Buffer.from('<!DOCTYPE html><html></html>'), 'NotAnImage'],
    ['an MP4', Buffer.from('\0\0\0\x18ftypmp42\0\0\0\0mp42isom'), 'NotAnImage'],
  ])('%s', async (_, bytes, name) => {
    expect(await faultOf(bytes)).toMatchObject({ kind: 'permanent', name });
  });

  test.each([
    ['plain', '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'],
    [
      'after a declaration',
      '\uFEFF<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>',
    ],
    ['after a comment', '\n <!-- drawn by hand -->\n<svg xmlns="http://www.w3.org/2000/svg"/>'],
    [
      'that includes a file',
      '<svg xmlns="http://www.w3.org/2000/svg"><image href="/etc/passwd"/></svg>',
    ],
  ])('SVG %s', async (_, text) => {
    const fault = await faultOf(Buffer.from(text));
    expect(fault).toMatchObject({ kind: 'permanent', name: 'UnsupportedFormat' });
    expect(fault.message).toMatch(/^SVG /);
  });

  test('SVG is not drawn even where nothing sniffs it', async () => {
    const drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>';
    await expect(sharp(Buffer.from(drawing)).png().toBuffer()).rejects.toThrow();
  });

  test('SVG by another first tag is refused too', async () => {
    const drawing = Buffer.from('<svg:svg xmlns:svg="http://www.w3.org/2000/svg"/>');
    expect((await faultOf(drawing)).kind).toBe('permanent');
  });

  test('HEIC, as iPhones write it, is reported as unsupported', async () => {
    const heic = readFileSync(new URL('../../../fixtures/image.heic', import.meta.url));
    const fault = await faultOf(heic);
    expect(fault).toMatchObject({ kind: 'permanent', name: 'UnsupportedFormat' });
    expect(fault.message).toMatch(/^HEIC /);
  });

  test('a HEIC under the brands of AVIF is an error and not a crash', async () => {
    const heic = readFileSync(new URL('../../../fixtures/image.heic', import.meta.url));
    const disguised = Buffer.from(
      heic.toString('latin1').replace('ftypheic', 'ftypavif'),
      'latin1',
    );
    expect(await faultOf(disguised)).toMatchObject({ kind: 'permanent', name: 'CorruptImage' });
  });
});

describe('what is broken', () => {
  test.each(['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif'] as const)(
    'half of a %s',
    async format => {
      const whole = await grain().toFormat(format).toBuffer();
      const fault = await faultOf(half(whole));
      expect(fault).toMatchObject({ kind: 'permanent', name: 'CorruptImage' });
      // One line for the log and for a cell of the completion report.
      expect(fault.message).not.toContain('\n');
    },
  );

  test.each(['jpeg', 'png'] as const)('a %s with damage in its middle', async format => {
    const fault = await faultOf(damaged(await grain().toFormat(format).toBuffer()));
    expect(fault).toMatchObject({ kind: 'permanent', name: 'CorruptImage' });
  });

  test.each([
    ['jpeg', '\xff\xd8\xff'],
    ['png', '\x89PNG\r\n\x1a\n'],
    ['gif', 'GIF89a'],
    ['webp', 'RIFF\0\0\0\0WEBP'],
    ['tiff', 'II*\0'],
    ['avif', '\0\0\0\x1cftypavif\0\0\0\0avifmif1'],
  ])('only the first bytes of a %s', async (_, head) => {
    const fault = await faultOf(Buffer.from(head, 'latin1'));
    expect(fault).toMatchObject({ kind: 'permanent', name: 'CorruptImage' });
  });

  test('rubbish after the end of an image does no harm', async () => {
    const jpeg = await grain().jpeg().toBuffer();
    const padded = Buffer.concat([jpeg, Buffer.alloc(5000, 7)]);
    expect((await resized(padded)).data.equals((await resized(jpeg)).data)).toBe(true);
  });

  test('a file that is not there is no fault of the image', async () => {
    const path = join(newTemporaryFolder('image'), 'gone');
    await expect(resized(path)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('what browsers show', () => {
  /** A JPEG with bytes before its marker of a number. */
  async function withJunk(marker: number): Promise<Buffer> {
    const jpeg = await grain().jpeg().toBuffer();
    // The last one, as without the first bytes of a JPEG no browser takes it for one.
    const at = jpeg.lastIndexOf(Buffer.from([0xff, marker]));
    return Buffer.concat([jpeg.subarray(0, at), Buffer.from('junk'), jpeg.subarray(at)]);
  }

  /** A JPEG with other numbers where its scan begins, as Samsung's phones write them. */
  async function withSpectralSelection(...numbers: [number, number, number]): Promise<Buffer> {
    const jpeg = await grain().jpeg().toBuffer();
    const at = jpeg.indexOf(Buffer.from([0xff, 0xda]));
    const end = at + 2 + jpeg.readUInt16BE(at + 2);
    jpeg.set(numbers, end - numbers.length);
    return jpeg;
  }

  /** A TIFF whose entry of that number has a type that there is not. */
  async function withUnknownType(tag: number): Promise<Buffer> {
    const tiff = await grain().tiff({ compression: 'none' }).toBuffer();
    const ifd = tiff.readUInt32LE(4);
    const entries = tiff.readUInt16LE(ifd);
    for (let at = ifd + 2; at < ifd + 2 + entries * 12; at += 12) {
      if (tiff.readUInt16LE(at) === tag) tiff.writeUInt16LE(99, at + 2);
    }
    return tiff;
  }

  /** A PNG with a chunk before its pixels. */
  async function withChunk(type: string, data: Buffer, crc?: number): Promise<Buffer> {
    const png = await grain().png().toBuffer();
    const body = Buffer.concat([Buffer.from(type), data]);
    const head = Buffer.alloc(4);
    head.writeUInt32BE(data.length);
    const tail = Buffer.alloc(4);
    tail.writeUInt32BE(crc ?? crc32(body));
    return Buffer.concat([png.subarray(0, 33), head, body, tail, png.subarray(33)]);
  }

  test.each([
    ['a scan that begins like a progressive one', () => withSpectralSelection(0, 0, 0)],
    ['a scan of one coefficient', () => withSpectralSelection(1, 5, 0)],
    ['junk before the quantization table', () => withJunk(0xdb)],
    ['junk before the frame', () => withJunk(0xc0)],
    ['junk before the Huffman table', () => withJunk(0xc4)],
    ['junk before the scan', () => withJunk(0xda)],
    ['a TIFF whose resolution has an unknown type', () => withUnknownType(282)],
    ['a TIFF whose unit has an unknown type', () => withUnknownType(296)],
    ['a PNG whose gamma has no sense', () => withChunk('gAMA', Buffer.alloc(4))],
    ['a PNG whose text has a wrong checksum', () => withChunk('tEXt', Buffer.from('a\0b'), 1)],
    ['a PNG with a broken profile', () => withChunk('iCCP', Buffer.from('x\0\0nothing'))],
  ])('%s is resized', async (_, make) => {
    expect(await resized(await make())).toMatchObject({ width: 200, height: 150 });
  });

  test('damage to the pixels is refused wherever it is', async () => {
    for (const share of [0.3, 0.5, 0.7, 0.9]) {
      const jpeg = await grain().jpeg().toBuffer();
      const copy = Buffer.from(jpeg);
      const from = Math.floor(jpeg.length * share);
      for (let at = from; at < from + 1000; at++) copy[at] = (at * 7919) & 0xff;
      expect(await faultOf(copy), `${share}`).toMatchObject({ name: 'CorruptImage' });
    }
  });
});

describe('what is too large', () => {
  test('30,000 × 30,000 pixels are refused by their header', async () => {
    const fault = await faultOf(bomb(30_000, 30_000));
    expect(fault).toMatchObject({ kind: 'permanent', name: 'TooManyPixels' });
    expect(fault.message).toContain('30000 × 30000');
    expect(fault.message).toContain('MAX_PIXELS');
  });

  test('a header that promises more than is there fails by the limit, not by memory', async () => {
    const before = process.memoryUsage.rss();
    expect((await faultOf(bomb(60_000, 60_000))).name).toBe('TooManyPixels');
    // Within the limit, it is read line by line until it ends.
    expect((await faultOf(bomb(9_000, 9_000))).name).toBe('CorruptImage');
    expect(process.memoryUsage.rss() - before).toBeLessThan(100 * 1024 ** 2);
  });

  test('MAX_PIXELS is the most pixels, exactly', async () => {
    const source = await twoHalves(100, 50).png().toBuffer();
    expect((await resized(source, { MAX_PIXELS: '5000', WIDTHS: '10' })).width).toBe(10);
    const fault = await faultOf(source, { MAX_PIXELS: '4999', WIDTHS: '10' });
    expect(fault.name).toBe('TooManyPixels');
  });

  test('all frames of an animation count, also where only the first is written', async () => {
    for (const format of ['gif', 'webp'] as const) {
      const source = await animation(format);
      for (const FORMAT of ['same', 'png']) {
        const fault = await faultOf(source, { MAX_PIXELS: '7199', FORMAT });
        expect(fault.name).toBe('TooManyPixels');
        expect(fault.message).toContain('60 × 40 × 3 frames');
      }
      expect((await resized(source, { MAX_PIXELS: '7200' })).width).toBe(60);
    }
  });

  test.each(['inside', 'outside', 'cover', 'fill', 'contain'])(
    'a result beyond the limit is refused before it is made: %s',
    async FIT => {
      const source = await sharp({
        create: { width: 1, height: 10_000, channels: 3, background: '#888' },
      })
        .png()
        .toBuffer();
      const asked = { WIDTHS: '16000', ENLARGE: 'true' };
      const wish = FIT === 'inside' ? asked : { ...asked, HEIGHT: '16000', FIT };
      const fault = await faultOf(source, wish);
      expect(fault).toMatchObject({ kind: 'permanent', name: 'TooManyPixels' });
    },
  );

  test('a kind of image that must be held whole says how much memory is missing', async () => {
    const progressive = await grain(1000, 1000).jpeg({ progressive: true }).toBuffer();
    const fault = await faultOf(progressive, {}, { bytes: 1024 ** 2 });
    expect(fault).toMatchObject({ kind: 'permanent', name: 'NeedsMoreMemory' });
    expect(fault.message).toMatch(/takes 4 MB .* at least 3 MB more/);
    const baseline = await grain(1000, 1000).jpeg().toBuffer();
    expect((await resized(baseline, {}, { bytes: 1024 ** 2 })).width).toBe(200);
  });
});

test('too little time is a fault that another try may mend', async () => {
  const source = await grain(300, 300).png().toBuffer();
  const fault = await faultOf(
    source,
    { WIDTHS: '9900', ENLARGE: 'true' },
    { secondsLeft: () => 1 },
  );
  expect(fault).toMatchObject({ kind: 'transient', name: 'TooSlow' });
}, 20_000);

test('each width gets the time that is left then', async () => {
  const asked: number[] = [];
  const secondsLeft = (): number => {
    asked.push(asked.length);
    return 30 - asked.length;
  };
  const source = await grain(300, 300).png().toBuffer();
  expect(
    await resizedAll(
      source,
      { WIDTHS: '100,50,20', KEY_TEMPLATE: '{width}-{key}' },
      { secondsLeft },
    ),
  ).toHaveLength(3);
  expect(asked).toHaveLength(3);
});

test('every fault has its row in the documentation', () => {
  const sources = globSync('lambda/resize/*.ts').map(file => readText(file));
  const names = sources.flatMap(text =>
    [...text.matchAll(/(?:permanent|new Fault)\(\s*(?:'\w+',\s*)?'([A-Z]\w+)'/g)].map(
      ([, name]) => name!,
    ),
  );
  expect(names).toContain('TooManyPixels');
  const documented = readText('docs/resize-function.md');
  expect(names.filter(name => !documented.includes(`\`${name}\``))).toEqual([]);
});

test('an error of the file system is none of the image', async () => {
  const folder = newTemporaryFolder('image');
  await writeFile(join(folder, 'empty'), '');
  expect(await faultOf(join(folder, 'empty'))).toMatchObject({ name: 'EmptyObject' });
});
