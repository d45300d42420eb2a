import type { S3Client } from '@aws-sdk/client-s3';
import type { ObjectSummary } from '../aws/objects/listing.ts';

/**
 * Every object below a prefix, page after page, however deep.
 *
 * @throws BrigadeError
 */
export async function* allObjects(
  client: S3Client,
  bucket: string,
  prefix: string,
  signal?: AbortSignal,
): AsyncGenerator<ObjectSummary> {
  const { listObjects } = await import('../aws/objects/listing.ts');
  let token: string | undefined;
  do {
    const page = await listObjects(
      client,
      { bucket, prefix, delimiter: '', continuationToken: token },
      { signal },
    );
    yield* page.objects;
    token = page.nextToken;
  } while (token !== undefined);
}
