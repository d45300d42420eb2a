import { homedir } from 'node:os';
import path from 'node:path';

/** A path as people know it: `~/.aws/config`. */
export function shortPath(file: string): string {
  const home = homedir() + path.sep;
  return file.startsWith(home) ? `~${path.sep}${file.slice(home.length)}` : file;
}
