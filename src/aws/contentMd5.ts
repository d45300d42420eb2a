import type { S3Client } from '@aws-sdk/client-s3';

/**
 * Sends a Content-MD5 beside the checksum of documents that must have one (DeleteObjects, tags …):
 * S3-compatible services that know no newer checksums refuse them without it, as Amazon S3 did before
 * 2025, and Amazon S3 takes both.
 *
 * @param md5 in base64
 */
export function addContentMd5(client: S3Client, md5: (text: string) => string): void {
  client.middlewareStack.add(
    next => async args => {
      const { headers, body } = args.request as { headers: Record<string, string>; body?: unknown };
      if (typeof body === 'string' && headers['x-amz-sdk-checksum-algorithm'] !== undefined) {
        headers['content-md5'] ??= md5(body);
      }
      return await next(args);
    },
    // After the SDK's own checksum, before the signature.
    { step: 'build', priority: 'low', name: 'addContentMd5' },
  );
}
