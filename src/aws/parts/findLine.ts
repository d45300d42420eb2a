import type { S3Client } from '@aws-sdk/client-s3';
import { call, type CallOptions } from '../call.ts';
import { BrigadeError } from '../errors.ts';
import { openObject } from '../objects/objects.ts';
import { formatS3Uri } from '../s3Uri.ts';

const NEWLINE = 0x0a;

/**
 * Finds where a line begins. Lines have no index: all before it is read, and nothing of it kept.
 *
 * @param line from 1 on
 * @returns bytes from the beginning, with the ETag of what was read
 * @throws BrigadeError `InvalidInput` with the reason `BeyondEnd` where there are fewer lines …
 */
export async function findLine(
  client: S3Client,
  object: { readonly bucket: string; readonly key: string },
  line: number,
  options: CallOptions & { readonly onProgress?: (bytes: number) => void } = {},
): Promise<{ readonly offset: number; readonly eTag: string }> {
  const { body, eTag } = await openObject(client, object, options);
  const subject = formatS3Uri(object);
  let [left, read] = [line - 1, 0];
  const found = await call(subject, options, async () => {
    // Leaving the loop destroys the stream, and the connection with it.
    for await (const chunk of body as AsyncIterable<Buffer>) {
      for (let at = 0; left > 0; left--) {
        at = chunk.indexOf(NEWLINE, at) + 1;
        if (at === 0) break;
        if (left === 1) return read + at;
      }
      if (left === 0) return read;
      read += chunk.length;
      options.onProgress?.(read);
    }
    return undefined;
  });
  if (found !== undefined) return { offset: found, eTag };
  throw new BrigadeError('InvalidInput', 'It has fewer lines', { subject, reason: 'BeyondEnd' });
}
