import { l10n } from 'vscode';
import type { ResizeProblem } from '../../aws/resizeFunction/resizeProblems.ts';
import { FITS, FORMATS } from '../../aws/resizeFunction/resizeSettings.ts';
import { formatCount, formatList } from '../../vscode/formats.ts';
import { optionName } from './optionNames.ts';

/** What is wrong with a setting and what would be right, in one sentence. */
export function describeResizeProblem({
  field,
  problem,
  least,
  most,
  text,
}: ResizeProblem): string {
  const name = optionName(field);
  switch (problem) {
    case 'notWholeNumber':
      return l10n.t(
        '{0}: enter whole numbers from {1} to {2}.',
        name,
        formatCount(least ?? 1),
        formatCount(most ?? 1),
      );
    case 'none':
      return l10n.t('{0}: enter at least one value.', name);
    case 'twice':
      return l10n.t('{0}: remove the duplicate value.', name);
    case 'tooMany':
      return l10n.t('{0}: enter at most {1} values.', name, formatCount(most ?? 1));
    case 'needsWidth':
      return l10n.t('With several widths, {0} needs {1}.', name, '{width}');
    case 'unknownPlaceholder':
      return l10n.t('{0}: {1} isn’t supported.', name, text ?? '');
    case 'brace':
      return l10n.t('{0}: unmatched brace.', name);
    case 'sharedKey':
      return l10n.t(
        '{0} needs {1} or {2}; otherwise all images get the same key.',
        name,
        '{key}',
        '{name}',
      );
    case 'notOneOf':
      return l10n.t('{0}: choose one of {1}.', name, formatList(choicesOf(field), 'disjunction'));
  }
}

function choicesOf(field: ResizeProblem['field']): readonly string[] {
  if (field === 'fit') return FITS;
  return field === 'format' ? FORMATS : ['log', 'throw'];
}
