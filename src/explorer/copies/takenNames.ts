import { recoverFrom } from '../../aws/call.ts';
import type { Session } from '../../services.ts';

/**
 * Whether there is an object of this key or, for a prefix, anything below it. A caller who may not
 * look is told no: what is there is not overwritten all the same.
 */
export async function isNameTaken(
  { clients }: Session,
  bucket: string,
  key: string,
  signal?: AbortSignal,
): Promise<boolean> {
  const { headObject, listObjects } = await import('../../aws/objects/listing.ts');
  const client = await clients.s3ForBucket(bucket, signal);
  return await recoverFrom(['NotFound', 'AccessDenied'], false, async () => {
    if (!key.endsWith('/')) {
      await headObject(client, { bucket, key }, { signal });
      return true;
    }
    const input = { bucket, prefix: key, pageSize: 1 };
    const { objects, prefixes } = await listObjects(client, input, { signal });
    return objects.length + prefixes.length > 0;
  });
}
