import { l10n } from 'vscode';
import type { JobOperation, OperationName } from '../../aws/batchJobs/jobOperation.ts';
import { isGenerator } from '../../aws/manifest/jobManifest.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import type { ObjectTag } from '../../commands.ts';
import type { PromptPosition } from '../../vscode/prompts.ts';
import { askSettings } from '../operations/askSettings.ts';
import { askForTags } from '../operations/askTags.ts';
import { askForFunction } from './askFunction.ts';
import { askForObjects } from './askObjects.ts';
import type { PromptContext, Draft, JobFlow } from './draft.ts';
import { invocationOf } from './findFunctions.ts';

/** How a job is made that does any of what CreateJob can, on any objects. */
export function operationFlow(name: OperationName, title: string): JobFlow {
  return {
    kind: name,
    title,
    askManifest: askForObjects,
    askOperation: (position, asking) => askOperation(name, position, asking),
  };
}

async function askOperation(
  name: OperationName,
  position: PromptPosition,
  asking: PromptContext,
): Promise<JobOperation> {
  const { operation: before } = asking.draft;
  switch (name) {
    case 'S3DeleteObjectTagging':
      return { name };
    case 'S3PutObjectTagging': {
      const tags = before?.name === name ? before.tags : [];
      return taggingOperation(await askForTags(position, tags));
    }
    case 'LambdaInvoke': {
      const known = before?.name === name ? before : undefined;
      const called = await askForFunction(position, asking, known?.functionArn);
      return known && known.functionArn === called.arn ? known : invocationOf(called);
    }
    default: {
      const known = before !== undefined && 'settings' in before ? before : undefined;
      return await askSettings(position, asking.session, name, known);
    }
  }
}

/** How a job is made that replaces or removes the tags of what a manifest names. */
export function taggingFlow(): JobFlow {
  return {
    kind: 'tagging',
    title: l10n.t('Create Tagging Job'),
    askManifest: askForObjects,
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

/** How a job is made that invokes a function once for each object. */
function invokeFlow(title: string): JobFlow {
  return { ...operationFlow('LambdaInvoke', title), kind: 'invoking' };
}

/** The same for what lies in a bucket already and was never resized. */
export function resizeFlow(): JobFlow {
  return {
    ...invokeFlow(l10n.t('Create Resize Job')),
    kind: 'resizing',
    describe: describeResizing,
  };
}

function describeResizing({ manifest }: Draft): string | undefined {
  if (manifest === undefined) return undefined;
  const where = isGenerator(manifest)
    ? formatS3Uri({ bucket: manifest.sourceBucket, key: manifest.prefix })
    : formatS3Uri(manifest);
  return l10n.t('Resize {0}', where);
}
