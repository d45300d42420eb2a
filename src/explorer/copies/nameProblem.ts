import { l10n } from 'vscode';
import { MAX_KEY_BYTES } from '../../aws/s3Uri.ts';

/** A key as a person names it: what it begins with, and what of it is typed. */
export interface TypedName {
  /** The prefix that it is in: empty, or ending in `/`. */
  readonly parent: string;
  readonly name: string;
  readonly isPrefix: boolean;
}

/** The key or prefix of a name. */
export function keyOfName({ parent, name, isPrefix }: TypedName): string {
  return isPrefix && !name.endsWith('/') ? `${parent}${name}/` : parent + name;
}

/**
 * Why a name can't be given, in a sentence; undefined where it can. S3 takes nearly any key, but people
 * and programs get lost in empty names, `.` and `..` (Amazon S3 user guide, "Naming Amazon S3 objects").
 */
export function nameProblem(typed: TypedName): string | undefined {
  const { name, isPrefix } = typed;
  if (name.trim() === '') return l10n.t('Enter a name.');
  const segments = (isPrefix ? name.replace(/\/$/, '') : name).split('/');
  if (segments.includes('')) {
    return isPrefix
      ? l10n.t('Don’t put two slashes next to each other.')
      : l10n.t('A name can’t begin or end with a slash, or contain two in a row.');
  }
  if (segments.some(segment => segment === '.' || segment === '..')) {
    return l10n.t('“.” and “..” mean other folders to most programs. Choose another name.');
  }
  const bytes = Buffer.byteLength(keyOfName(typed));
  if (bytes > MAX_KEY_BYTES) {
    return l10n.t('The key would have {0} bytes of UTF-8; S3 allows 1,024.', bytes);
  }
  return undefined;
}
