import type { Principal } from '../principal.ts';
import type { Services } from '../sandboxServices.ts';
import { findObject } from './getObject.ts';
import type { ObjectAddress } from './getObject.ts';
import { tagContext } from './putObject.ts';
import type { Tag } from './tags.ts';
import { MAX_OBJECT_TAGS, checkTags } from './tags.ts';

/** What a tagging call tells of the object beside the tags. */
export interface TaggingOutput {
  /** Only in a bucket that has or had versioning. */
  readonly versionId?: string;
}

export interface PutObjectTaggingInput extends ObjectAddress {
  readonly tags: readonly Tag[];
}

/**
 * Replaces an object's tags.
 * @throws AwsError NoSuchBucket, NoSuchKey, AccessDenied, InvalidTag, BadRequest for more than ten.
 */
export function putObjectTagging(
  services: Services,
  caller: Principal,
  input: PutObjectTaggingInput,
): TaggingOutput {
  checkTags(input.tags, MAX_OBJECT_TAGS);
  return replaceTags(services, caller, input, [
    's3:PutObjectTagging',
    's3:PutObjectVersionTagging',
  ]);
}

/** Removes an object's tags; it may have had none. */
export function deleteObjectTagging(
  services: Services,
  caller: Principal,
  address: ObjectAddress,
): TaggingOutput {
  return replaceTags(services, caller, { ...address, tags: [] }, [
    's3:DeleteObjectTagging',
    's3:DeleteObjectVersionTagging',
  ]);
}

export function getObjectTagging(
  services: Services,
  caller: Principal,
  address: ObjectAddress,
): TaggingOutput & { readonly tags: readonly Tag[] } {
  const { bucket, object } = findObject(services, caller, address, [
    's3:GetObjectTagging',
    's3:GetObjectVersionTagging',
  ]);
  return { tags: object.tags, versionId: bucket.versioning && object.versionId };
}

function replaceTags(
  services: Services,
  caller: Principal,
  input: PutObjectTaggingInput,
  actions: readonly [string, string],
): TaggingOutput {
  const { bucket, object } = findObject(services, caller, input, actions, {
    context: tagContext(input.tags),
  });
  services.s3.versions.setTags(object, input.tags);
  return { versionId: bucket.versioning && object.versionId };
}
