import { l10n } from 'vscode';
import type { JobOperation } from '../../aws/batchJobs/jobOperation.ts';
import type { ObjectTag } from '../../commands.ts';
import { askForTags } from './askTags.ts';
import { askUsableManifest } from './askUsableManifest.ts';
import type { JobFlow } from './flow.ts';

/** How a job is made that replaces or removes the tags of what a manifest names. */
export function taggingFlow(): JobFlow {
  return {
    kind: 'tagging',
    title: l10n.t('Create Tagging Job'),
    askManifest: askUsableManifest,
    askOperation: async (position, { draft: { operation } }) => {
      const before = operation?.name === 'S3PutObjectTagging' ? operation.tags : [];
      return taggingOperation(await askForTags(position, before));
    },
  };
}

/** An empty list removes all tags. */
export function taggingOperation(tags: readonly ObjectTag[]): JobOperation {
  return tags.length === 0
    ? { name: 'S3DeleteObjectTagging' }
    : { name: 'S3PutObjectTagging', tags };
}
