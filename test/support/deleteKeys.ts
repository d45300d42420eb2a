import type { S3Client } from '@aws-sdk/client-s3';
import type { CallOptions } from '../../src/aws/call.ts';
import { deleteBatch, DELETE_BATCH } from '../../src/aws/deletion/deleteBatch.ts';
import type { BrigadeError } from '../../src/aws/errors.ts';
import { Pace } from '../../src/aws/pace.ts';

/** Deletes keys of a bucket by the thousand. */
export async function deleteObjects(
  client: S3Client,
  { bucket, keys }: { readonly bucket: string; readonly keys: readonly string[] },
  { signal }: CallOptions = {},
): Promise<{ deleted: number; failed: { key: string; error: BrigadeError }[] }> {
  const pace = new Pace({ most: 1, maxRetries: 10, pause: 1 });
  let deleted = 0;
  const failed: { key: string; error: BrigadeError }[] = [];
  for (let at = 0; at < keys.length; at += DELETE_BATCH) {
    const items = keys.slice(at, at + DELETE_BATCH).map(key => ({ bucket, key }));
    const result = await deleteBatch(client, { bucket, items }, { pace, signal });
    deleted += result.deleted.length;
    failed.push(...result.failed.map(({ item, error }) => ({ key: item.key, error })));
  }
  return { deleted, failed };
}
