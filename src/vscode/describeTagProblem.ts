import { l10n } from 'vscode';
import type { Tag, TagProblem } from '../aws/objects/tagRules.ts';
import { cutText } from '../aws/cutText.ts';

/** A sentence that names the tag and the rule of AWS it breaks. */
export function describeTagProblem(problem: TagProblem, tags: readonly Tag[]): string {
  const tag = tags[problem.index];
  const name = tag === undefined ? '' : shorten(tag.key);
  switch (problem.problem) {
    case 'tooMany':
      return l10n.t('An object can have up to {0} tags.', problem.max ?? 0);
    case 'duplicate':
      return l10n.t('The tag key “{0}” is used twice.', name);
    case 'empty':
      return l10n.t('Enter a tag key.');
    case 'reserved':
      return l10n.t('The tag key “{0}” begins with “aws:”, which is reserved by AWS.', name);
    case 'tooLong':
      return problem.field === 'key'
        ? l10n.t('The tag key “{0}” is longer than {1} characters.', name, problem.max ?? 0)
        : l10n.t(
            'The value of the tag “{0}” is longer than {1} characters.',
            name,
            problem.max ?? 0,
          );
    case 'forbiddenCharacters':
      return problem.field === 'key'
        ? l10n.t(
            'The tag key “{0}” may have letters, digits, spaces and _ . : / = + - @ only.',
            name,
          )
        : l10n.t(
            'The value of the tag “{0}” may have letters, digits, spaces and _ . : / = + - @ only.',
            name,
          );
  }
}

/** A key that is far too long would fill the message. */
function shorten(key: string): string {
  return key.length > 40 ? `${cutText(key, 40)}…` : key;
}
