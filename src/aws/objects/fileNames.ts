import { createHash } from 'node:crypto';

/** What the file system at the other end cannot take. */
export interface FileNameRules {
  /** Windows' forbidden characters, device names and endings are replaced. */
  readonly windows: boolean;
  /** `A.txt` and `a.txt` are one file. */
  readonly ignoreCase: boolean;
}

const WINDOWS_FORBIDDEN = /[<>:"|?*\u0001-\u001f]/g;
const WINDOWS_DEVICE =
  /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?= *(?:\.|$))/i;
/** NAME_MAX of ext4, APFS and NTFS, counted in UTF-8 bytes so that it holds for all three. */
const MAX_NAME_BYTES = 255;

/**
 * A file name for one segment of a key: never empty, `.` or `..`, never with a separator, never
 * longer than a file system allows. A segment that is a good name already stays as it is.
 */
export function safeFileName(segment: string, rules: FileNameRules): string {
  let name = segment.replace(/[\u0000\\/]/g, '_');
  if (rules.windows) {
    name = name
      .replace(WINDOWS_FORBIDDEN, '_')
      .replace(/[. ]+$/, end => '_'.repeat(end.length))
      .replace(WINDOWS_DEVICE, device => `_${device}`);
  }
  if (name === '' || name === '.' || name === '..') name = `_${name}`;
  return Buffer.byteLength(name) > MAX_NAME_BYTES ? shorten(name) : name;
}

function shorten(name: string): string {
  const extension = /\.[A-Za-z0-9]{1,16}$/.exec(name)?.[0] ?? '';
  const end = `~${createHash('sha256').update(name).digest('hex').slice(0, 8)}${extension}`;
  let start = '';
  for (const character of name) {
    if (Buffer.byteLength(start + character + end) > MAX_NAME_BYTES) break;
    start += character;
  }
  return start + end;
}

/**
 * Where each key goes below a target folder: a list of file names per key, in the order given.
 * No two keys share a file, no file takes the place of a folder, and none leaves the target.
 *
 * @param keys relative to what the target folder stands for
 */
export function filePaths(
  keys: readonly string[],
  rules: FileNameRules,
): readonly (readonly string[])[] {
  const fold = (path: readonly string[]): string => {
    const joined = path.join('/');
    return rules.ignoreCase ? joined.normalize('NFC').toLowerCase() : joined;
  };
  const paths = keys.map(key => key.split('/').map(segment => safeFileName(segment, rules)));
  const taken = new Set<string>();
  for (const path of paths) {
    for (let depth = 1; depth < path.length; depth++) taken.add(fold(path.slice(0, depth)));
  }
  return paths.map(path => {
    let free: readonly string[] = path;
    for (let attempt = 2; taken.has(fold(free)); attempt++) free = numbered(path, attempt);
    taken.add(fold(free));
    return free;
  });
}

/** `photo.png` → `photo~2.png`. */
function numbered(path: readonly string[], attempt: number): readonly string[] {
  const name = path.at(-1) ?? '';
  const dot = name.lastIndexOf('.');
  const at = dot > 0 ? dot : name.length;
  return [...path.slice(0, -1), `${name.slice(0, at)}~${attempt}${name.slice(at)}`];
}
