import { MAX_KEY_BYTES } from '../s3Uri.ts';

/**
 * The key of a copy beside what is there: `a.txt` → `a copy.txt`, `a copy 2.txt` …, as VS Code's
 * Explorer names them. A prefix keeps its `/`. A key that would get too long loses the end of its name.
 *
 * @param number 1 for the first try
 */
export function copyName(key: string, number: number): string {
  const slash = key.endsWith('/') ? '/' : '';
  const path = key.slice(0, key.length - slash.length);
  const at = path.lastIndexOf('/') + 1;
  const [parent, name] = [path.slice(0, at), path.slice(at)];
  const extension = slash === '' ? extensionOf(name) : '';
  const stem = name.slice(0, name.length - extension.length);
  const earlier = / copy(?: (\d{1,6}))?$/.exec(stem);
  const first = earlier ? Number(earlier[1] ?? 1) + 1 : 1;
  const counted = first + number - 1;
  const ending = `${counted === 1 ? ' copy' : ` copy ${counted}`}${extension}${slash}`;
  const base = parent + (earlier ? stem.slice(0, earlier.index) : stem);
  return cutTo(base, MAX_KEY_BYTES - Buffer.byteLength(ending)) + ending;
}

/** `.txt`, `.tar.gz`; nothing of `.env`, nor of a long ending that is none. */
function extensionOf(name: string): string {
  return /(?<=[^.])(?:\.tar)?\.[^.\s]{1,16}$/.exec(name)?.[0] ?? '';
}

/** The longest beginning that has so many bytes, in whole characters. */
function cutTo(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text;
  let cut = '';
  let size = 0;
  for (const character of text) {
    size += Buffer.byteLength(character);
    if (size > bytes) break;
    cut += character;
  }
  return cut;
}
