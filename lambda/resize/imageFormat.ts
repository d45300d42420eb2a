/** The formats that are read and written. */
export const IMAGE_FORMATS = ['jpeg', 'png', 'webp', 'avif', 'gif', 'tiff'] as const;
export type ImageFormat = (typeof IMAGE_FORMATS)[number];

interface FormatFacts {
  readonly contentType: string;
  /** File name extensions; the first one is the usual. */
  readonly extensions: readonly [string, ...string[]];
  readonly animates: boolean;
  readonly hasAlpha: boolean;
}

export const FORMATS: Readonly<Record<ImageFormat, FormatFacts>> = {
  jpeg: {
    contentType: 'image/jpeg',
    extensions: ['jpg', 'jpeg', 'jpe', 'jfif'],
    animates: false,
    hasAlpha: false,
  },
  png: { contentType: 'image/png', extensions: ['png'], animates: false, hasAlpha: true },
  webp: { contentType: 'image/webp', extensions: ['webp'], animates: true, hasAlpha: true },
  avif: { contentType: 'image/avif', extensions: ['avif'], animates: false, hasAlpha: true },
  gif: { contentType: 'image/gif', extensions: ['gif'], animates: true, hasAlpha: true },
  tiff: { contentType: 'image/tiff', extensions: ['tiff', 'tif'], animates: false, hasAlpha: true },
};

/** How many of a file's first bytes `sniff` looks at. */
export const SNIFFED_BYTES = 1024;

/**
 * What a file is by its first bytes, whatever its name says. Formats that are recognized but not read
 * get the answer to give for them.
 */
export function sniff(head: Uint8Array): ImageFormat | { readonly refused: string } | undefined {
  const bytes = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, SNIFFED_BYTES));
  const starts = (text: string, at = 0): boolean =>
    bytes.toString('latin1', at, at + text.length) === text;
  if (starts('\xff\xd8\xff')) return 'jpeg';
  if (starts('\x89PNG\r\n\x1a\n')) return 'png';
  if (starts('GIF87a') || starts('GIF89a')) return 'gif';
  if (starts('RIFF') && starts('WEBP', 8)) return 'webp';
  if (['II*\0', 'MM\0*', 'II+\0', 'MM\0+'].some(magic => starts(magic))) return 'tiff';
  if (starts('ftyp', 4)) return sniffIsoMedia(bytes);
  if (starts('%PDF-')) return { refused: 'PDF files are not resized' };
  if (isSvg(bytes)) {
    return {
      refused: 'SVG images are not resized: they scale by themselves and can hold scripts',
    };
  }
  return undefined;
}

/** Whether an AVIF holds a sequence of images (AV1 Image File Format, "AVIF image sequence brand"). */
export function isSequence(head: Uint8Array): boolean {
  const length = Math.min(head.length, SNIFFED_BYTES);
  return brandsOf(Buffer.from(head.buffer, head.byteOffset, length)).has('avis');
}

function brandsOf(bytes: Buffer): ReadonlySet<string> {
  const end = Math.min(bytes.readUInt32BE(0), bytes.length);
  return new Set(bytes.toString('latin1', 8, end).match(/.{4}/gs));
}

/** AVIF and HEIC are the same container; its brands say which of them a file is. */
function sniffIsoMedia(bytes: Buffer): 'avif' | { readonly refused: string } | undefined {
  const brands = brandsOf(bytes);
  if (brands.has('avif') || brands.has('avis')) return 'avif';
  const heic = ['heic', 'heix', 'hevc', 'hevx', 'heim', 'heis', 'mif1', 'msf1'];
  if (heic.some(brand => brands.has(brand))) {
    return {
      refused: 'HEIC images cannot be decoded (sharp has no HEVC decoder): upload JPEG or AVIF',
    };
  }
  return undefined;
}

function isSvg(bytes: Buffer): boolean {
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf16le' : 'utf8';
  return /^\uFEFF?\s*<(\?xml|!--|!doctype svg|svg)/i.test(bytes.toString(encoding));
}
