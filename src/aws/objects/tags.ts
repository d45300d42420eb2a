import {
  GetObjectTaggingCommand,
  PutObjectTaggingCommand,
  type GetObjectTaggingCommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { callWithAction, type CallOptions } from '../call.ts';
import { BrigadeError } from '../errors.ts';
import type { LeanAnswer } from '../leanRequests/leanRequest.ts';
import { sendLean, wholeBody } from '../leanRequests/sendLean.ts';
import { readTagging, writeTagging } from './tagDocument.ts';
import { formatS3Uri } from '../s3Uri.ts';
import { tagProblem, type Tag } from './tagRules.ts';

export interface TaggedObject {
  readonly bucket: string;
  readonly key: string;
  /** Needs the `…VersionTagging` permissions. */
  readonly versionId?: string;
}

/** The object's tags in AWS's order; empty when it has none. @throws BrigadeError */
export async function getObjectTags(
  client: S3Client,
  object: TaggedObject,
  options: CallOptions = {},
): Promise<Tag[]> {
  const request = {
    ...requestOf(object),
    command: () => new GetObjectTaggingCommand(addressOf(object)),
  };
  const readers = {
    lean: async (answer: LeanAnswer) => readTagging((await wholeBody(answer)).toString()),
    sdk: ({ TagSet = [] }: GetObjectTaggingCommandOutput) =>
      TagSet.map(tag => ({ key: tag.Key ?? '', value: tag.Value ?? '' })),
  };
  return callWithAction(action('Get', object), formatS3Uri(object), options, () =>
    sendLean(client, action('Get', object), request, readers, options),
  );
}

/**
 * Replaces the object's whole tag set.
 *
 * @throws BrigadeError `InvalidInput` before anything is sent when AWS would refuse the tags.
 */
export async function putObjectTags(
  client: S3Client,
  { tags, ...object }: TaggedObject & { readonly tags: readonly Tag[] },
  options: CallOptions = {},
): Promise<void> {
  assertValidTags(tags, formatS3Uri(object));
  const request = {
    ...requestOf(object),
    body: writeTagging(tags),
    command: () =>
      new PutObjectTaggingCommand({
        ...addressOf(object),
        Tagging: { TagSet: tags.map(tag => ({ Key: tag.key, Value: tag.value })) },
      }),
  };
  const readers = { lean: () => true, sdk: () => true };
  await callWithAction(action('Put', object), formatS3Uri(object), options, () =>
    sendLean(client, action('Put', object), request, readers, options),
  );
}

/** @throws BrigadeError `InvalidInput` naming the first problem. */
export function assertValidTags(tags: readonly Tag[], subject: string): void {
  const problem = tagProblem(tags);
  if (problem !== undefined) {
    const { index, field, problem: broken } = problem.problem;
    const sentence = `Tag ${index + 1}: ${field} ${broken}`;
    throw new BrigadeError('InvalidInput', sentence, { subject, problem });
  }
}

function addressOf(object: TaggedObject) {
  return { Bucket: object.bucket, Key: object.key, VersionId: object.versionId };
}

function requestOf({ bucket, key, versionId }: TaggedObject) {
  return { bucket, key, ...(versionId !== undefined && { query: { versionId } }) };
}

function action(verb: 'Get' | 'Put', { versionId }: TaggedObject): string {
  return `s3:${verb}Object${versionId === undefined ? '' : 'Version'}Tagging`;
}
