import { safeFileName, type FileNameRules } from '../objects/fileNames.ts';
import type { SkipReason } from './syncPlan.ts';

/** Which keys, as they come in S3's order, can be files below a folder: each at its own path, or not at all. */
export class LocalNames {
  readonly #rules: FileNameRules;
  /** Keys that are files, each the beginning of the next: a key below one of them has no folder. */
  readonly #files: string[] = [];
  /** Only where names ignore case. */
  readonly #taken = new Set<string>();

  constructor(rules: FileNameRules) {
    this.#rules = rules;
  }

  /** Why a key can't be a file; undefined: it can, and is one from now on. */
  refuse(path: string): SkipReason | undefined {
    const segments = path.split('/');
    if (segments.some(segment => safeFileName(segment, this.#rules) !== segment)) {
      return 'noFileName';
    }
    while (this.#files.length > 0 && !path.startsWith(this.#files.at(-1) ?? '')) this.#files.pop();
    if (this.#files.some(file => path.startsWith(`${file}/`))) return 'fileInTheWay';
    if (this.isTaken(path)) return 'sameName';
    if (this.#rules.ignoreCase) this.#taken.add(fold(path));
    this.#files.push(path);
    return undefined;
  }

  /** Whether a key is that file, with other upper and lower case. */
  isTaken(path: string): boolean {
    return this.#rules.ignoreCase && this.#taken.has(fold(path));
  }
}

function fold(path: string): string {
  return path.normalize('NFC').toLowerCase();
}
