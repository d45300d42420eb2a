import type { ResizeFormat, ResizeSettings } from './resizeSettings.ts';

/** The extensions of each format, the usual one first, as the function has them. */
const EXTENSIONS: Readonly<Record<Exclude<ResizeFormat, 'same'>, readonly [string, ...string[]]>> =
  {
    jpeg: ['jpg', 'jpeg', 'jpe', 'jfif'],
    png: ['png'],
    webp: ['webp'],
    avif: ['avif'],
  };

/**
 * The keys that the function gives the resized images of an object, one for each width. With
 * `{extension}` and the format of the source they are a guess: the function goes by what is in the
 * file. Nothing here loads the AWS SDK.
 */
export function resizedKeys(
  { keyTemplate, widths, format }: Pick<ResizeSettings, 'keyTemplate' | 'widths' | 'format'>,
  key: string,
): string[] {
  const folder = key.slice(0, key.lastIndexOf('/') + 1);
  const file = key.slice(folder.length);
  const dot = file.lastIndexOf('.');
  const name = dot <= 0 ? file : file.slice(0, dot);
  const extension = extensionFor(format, dot <= 0 ? '' : file.slice(dot + 1));
  return widths.map(width => {
    const values: Readonly<Record<string, string>> = {
      key,
      folder,
      name,
      extension,
      width: String(width),
    };
    return keyTemplate.replace(/\{(\w+)\}/g, (whole, placeholder: string) => {
      return values[placeholder] ?? whole;
    });
  });
}

function extensionFor(format: ResizeFormat, extension: string): string {
  if (format === 'same') return extension;
  const known = EXTENSIONS[format];
  return known.includes(extension.toLowerCase()) ? extension : known[0];
}
