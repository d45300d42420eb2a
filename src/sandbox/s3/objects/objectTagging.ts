import type { Principal } from '../../principal.ts';
import type { S3Context } from '../s3Context.ts';
import { findObject } from './getObject.ts';
import type { ObjectAddress } from './getObject.ts';
import type { EventName, EventRequest } from '../notifications/eventRecord.ts';
import { recordEvent } from '../notifications/recordEvent.ts';
import { tagContext } from './putObject.ts';
import type { Tag } from '../tags.ts';
import { MAX_OBJECT_TAGS, checkTags } from '../tags.ts';

/** What a tagging call tells of the object beside the tags. */
export interface TaggingOutput {
  /** Only in a bucket that has or had versioning. */
  readonly versionId?: string;
}

export interface DeleteObjectTaggingInput extends ObjectAddress {
  /** The request that events tell of. */
  readonly request?: EventRequest;
}

export interface PutObjectTaggingInput extends DeleteObjectTaggingInput {
  readonly tags: readonly Tag[];
}

/**
 * Replaces an object's tags.
 * @throws AwsError NoSuchBucket, NoSuchKey, AccessDenied, InvalidTag, BadRequest for more than ten.
 */
export function putObjectTagging(
  context: S3Context,
  caller: Principal,
  input: PutObjectTaggingInput,
): TaggingOutput {
  checkTags(input.tags, MAX_OBJECT_TAGS);
  return replaceTags(context, caller, input, 'Put');
}

/** Removes an object's tags; it may have had none. */
export function deleteObjectTagging(
  context: S3Context,
  caller: Principal,
  input: DeleteObjectTaggingInput,
): TaggingOutput {
  return replaceTags(context, caller, { ...input, tags: [] }, 'Delete');
}

export function getObjectTagging(
  context: S3Context,
  caller: Principal,
  address: ObjectAddress,
): TaggingOutput & { readonly tags: readonly Tag[] } {
  const { bucket, object } = findObject(
    context,
    caller,
    address,
    ['s3:GetObjectTagging', 's3:GetObjectVersionTagging'],
    { ofMarkers: true, namesBucket: true },
  );
  return { tags: object.tags, versionId: bucket.versioning && object.versionId };
}

function replaceTags(
  context: S3Context,
  caller: Principal,
  input: PutObjectTaggingInput,
  kind: 'Put' | 'Delete',
): TaggingOutput {
  const actions = [`s3:${kind}ObjectTagging`, `s3:${kind}ObjectVersionTagging`] as const;
  const { bucket, object } = findObject(context, caller, input, actions, {
    method: kind === 'Put' ? 'PUT' : 'DELETE',
    ofMarkers: true,
    context: tagContext(input.tags),
  });
  const name: EventName = `ObjectTagging:${kind}`;
  const { key, versionId, size, eTag } = object;
  context.store.transaction(() => {
    context.s3.versions.setTags(object, input.tags);
    const origin = { caller, request: input.request };
    const time = context.clock.now();
    recordEvent(context, { name, bucket, key, versionId, size, eTag, time, origin });
  });
  return { versionId: bucket.versioning && object.versionId };
}
