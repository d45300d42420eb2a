import { l10n } from 'vscode';
import type { JobOperation } from '../../aws/batchJobs/jobOperation.ts';
import { isGenerator } from '../../aws/manifest/jobManifest.ts';
import { validateTags, type Tag } from '../../aws/objects/tagRules.ts';
import { formatTagText, parseTagText, type TagTextProblem } from '../../aws/objects/tagText.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import type { ObjectTag } from '../../commands.ts';
import { describeTagProblem } from '../../vscode/describeTagProblem.ts';
import { askText, type PromptPosition } from '../../vscode/prompts.ts';
import { askForFunction } from './askFunction.ts';
import { askForObjects, askUsableManifest } from './askObjects.ts';
import type { Draft, JobFlow } from './draft.ts';
import { invocationOf } from './findFunctions.ts';

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

/**
 * Asks for the tags a job writes, all on one line.
 *
 * @throws BrigadeError `Cancelled`, BackPressed
 */
async function askForTags(
  position: PromptPosition,
  before: readonly Tag[] = [],
): Promise<readonly Tag[]> {
  const text = await askText({
    ...position,
    prompt: l10n.t('Tags that replace all tags of each object: key=value, with commas between'),
    placeholder: l10n.t('For example: phototype=finished, owner=me'),
    value: formatTagText(before),
    validate: typed => tagsProblem(typed),
  });
  const read = parseTagText(text);
  return 'tags' in read ? read.tags : [];
}

/** What is wrong with a line of tags, or undefined. */
export function tagsProblem(text: string): string | undefined {
  const read = parseTagText(text);
  if ('problem' in read) return describeTextProblem(read.problem);
  if (read.tags.length === 0) return l10n.t('Write at least one tag, as key=value.');
  const problem = validateTags(read.tags)[0];
  return problem === undefined ? undefined : describeTagProblem(problem, read.tags);
}

function describeTextProblem({ kind, text }: TagTextProblem): string {
  return kind === 'noEquals'
    ? l10n.t('“{0}” has no value: write {0}=value, or {0}= for an empty value.', text)
    : l10n.t('Quotation marks go around a whole key or value: "a=b"=c. Look at {0}', text);
}

/** How a job is made that invokes a function once for each object. */
export function invokeFlow(title: string): JobFlow {
  return {
    kind: 'invoking',
    title,
    askManifest: askForObjects,
    askOperation: async (position, asking) => {
      const { operation } = asking.draft;
      const before = operation?.name === 'LambdaInvoke' ? operation : undefined;
      const called = await askForFunction(position, asking, before?.functionArn);
      return before && before.functionArn === called.arn ? before : invocationOf(called);
    },
  };
}

/** The same for what lies in a bucket already and was never resized. */
export function resizeFlow(): JobFlow {
  return {
    ...invokeFlow(l10n.t('Resize Existing Objects')),
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
