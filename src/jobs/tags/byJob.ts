import { l10n } from 'vscode';
import type { TagsWork } from './tagsWork.ts';

/** The way to do the same by a batch job of the tagger, for any number of objects. */
export function byJob(run: () => Promise<void>): NonNullable<TagsWork['others']>[number] {
  return {
    id: 'byJob',
    label: l10n.t('Create Batch Job…'),
    tooltip: l10n.t(
      'S3 Batch Operations invokes a function in your account for each object. For any number of objects; VS Code doesn’t have to stay open.',
    ),
    run,
  };
}
