import type { S3Client } from '@aws-sdk/client-s3';
import { recoverFrom, type CallOptions } from '../call.ts';
import { BucketRules } from '../objects/rewrite/bucketRules.ts';
import { readObjectState } from '../objects/rewrite/objectState.ts';
import { readTags } from '../objects/rewrite/readTags.ts';
import type { CopyItem } from './copies.ts';

/**
 * Reads all of an object that copying it reads, and copies nothing: whether it may be. One that is gone
 * by now says nothing.
 *
 * @throws BrigadeError `AccessDenied` naming the permission (s3:GetObject, s3:GetObjectTagging,
 *   s3:GetObjectAcl …) …
 */
export async function readToCopy(
  client: S3Client,
  { bucket, key }: Pick<CopyItem, 'bucket' | 'key'>,
  options: CallOptions = {},
): Promise<void> {
  await recoverFrom(['NotFound'], undefined, async () => {
    await readObjectState(new BucketRules(client, bucket), key, options);
    await readTags(client, { bucket, key }, options);
  });
}
