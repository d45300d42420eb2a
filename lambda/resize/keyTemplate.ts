import { permanent } from './fault.ts';
import { FORMATS } from './imageFormat.ts';
import type { ImageFormat } from './imageFormat.ts';

/** What may stand between braces in a template. */
const PLACEHOLDERS = ['key', 'folder', 'name', 'extension', 'width'] as const;
type Placeholder = (typeof PLACEHOLDERS)[number];

/** How the key of a resized image is made of the key of its source. */
export interface KeyTemplate {
  readonly text: string;
  /** The text before the first placeholder: every key that is written starts with it. */
  readonly prefix: string;
  readonly placeholders: ReadonlySet<Placeholder>;
}

/** S3's limit for a key, in bytes of UTF-8. */
const MAX_KEY_BYTES = 1024;

/**
 * @param text e.g. `resized-{key}` or `{folder}{width}/{name}.{extension}`
 * @throws Error saying what is wrong with it.
 */
export function parseKeyTemplate(text: string): KeyTemplate {
  const placeholders = new Set<Placeholder>();
  for (const [whole, name = ''] of text.matchAll(/\{([^{}]*)\}/g)) {
    const placeholder = PLACEHOLDERS.find(known => known === name);
    if (placeholder === undefined) {
      const known = PLACEHOLDERS.map(each => `{${each}}`).join(', ');
      throw new Error(`${whole} is not known: use ${known}`);
    }
    placeholders.add(placeholder);
  }
  if (/[{}]/.test(text.replace(/\{[^{}]*\}/g, ''))) throw new Error('a brace has no partner');
  if (!placeholders.has('key') && !placeholders.has('name')) {
    throw new Error('it needs {key} or {name}: else every image would get the same key');
  }
  return { text, prefix: text.slice(0, text.indexOf('{')), placeholders };
}

/**
 * The key that a source's resized image gets.
 *
 * @throws Fault `KeyTooLong` when S3 would not take it.
 */
export function renderKey(
  template: KeyTemplate,
  source: { readonly key: string; readonly width: number; readonly format: ImageFormat },
): string {
  const { folder, name, extension } = keyParts(source.key);
  const values: Record<Placeholder, string> = {
    key: source.key,
    folder,
    name,
    extension: extensionFor(source.format, extension),
    width: String(source.width),
  };
  const key = template.text.replace(
    /\{(\w+)\}/g,
    (_, placeholder: Placeholder) => values[placeholder],
  );
  const bytes = Buffer.byteLength(key);
  if (bytes > MAX_KEY_BYTES) {
    throw permanent(
      'KeyTooLong',
      `The resized image's key would have ${bytes} bytes; S3 takes ${MAX_KEY_BYTES}`,
    );
  }
  return key;
}

/** `a/b/photo.JPG` is the folder `a/b/`, the name `photo` and the extension `JPG`. */
function keyParts(key: string): { folder: string; name: string; extension: string } {
  const folder = key.slice(0, key.lastIndexOf('/') + 1);
  const file = key.slice(folder.length);
  const dot = file.lastIndexOf('.');
  if (dot <= 0) return { folder, name: file, extension: '' };
  return { folder, name: file.slice(0, dot), extension: file.slice(dot + 1) };
}

/** The source's own extension where it fits the format (`JPG` stays), else the format's usual one. */
function extensionFor(format: ImageFormat, extension: string): string {
  const { extensions } = FORMATS[format];
  return extensions.includes(extension.toLowerCase()) ? extension : extensions[0];
}
