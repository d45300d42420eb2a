import { gunzipSync } from 'node:zlib';
import { AwsError } from './errors.ts';
import type { SandboxRequest } from './request.ts';
import { header } from './request.ts';

/**
 * The whole body of a request; the SDKs compress long ones of PutMetricData by gzip.
 * @param limit bytes, before and after it is unpacked
 * @throws AwsError MaxMessageLengthExceeded beyond the limit, SerializationException when it is no gzip
 */
export async function readBody(request: SandboxRequest, limit: number): Promise<Buffer> {
  const bytes = await request.body.bytes(limit);
  if (header(request, 'content-encoding') !== 'gzip') return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: limit });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      throw new AwsError('MaxMessageLengthExceeded', 400, 'Your request was too big.');
    }
    throw new AwsError('SerializationException', 400, 'The body is not compressed by gzip.');
  }
}
