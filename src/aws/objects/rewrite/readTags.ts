import type { S3Client } from '@aws-sdk/client-s3';
import type { CallOptions } from '../../call.ts';
import type { Tag } from '../tagRules.ts';
import { getObjectTags } from '../tags.ts';
import { isNotOffered } from './bucketRules.ts';

/**
 * An object's tags. HEAD counts them only for those who may read them, so that no count may mean
 * "not permitted" too.
 *
 * @throws BrigadeError `AccessDenied` (s3:GetObjectTagging)
 */
export async function readTags(
  client: S3Client,
  object: { readonly bucket: string; readonly key: string; readonly versionId?: string },
  options: CallOptions,
): Promise<readonly Tag[]> {
  try {
    return await getObjectTags(client, object, options);
  } catch (error) {
    if (isNotOffered(error)) return [];
    throw error;
  }
}
