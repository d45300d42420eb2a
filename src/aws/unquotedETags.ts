import type { S3Client } from '@aws-sdk/client-s3';

/**
 * Sends a write whose condition failed once more with the ETag bare: Ceph's gateway compared what
 * stands in If-Match with an ETag without its quotes until version 18, so that no save would go
 * through. Where the condition itself does not hold, it fails again.
 */
export function retryUnquoted(client: S3Client): void {
  client.middlewareStack.add(
    next => async args => {
      try {
        return await next(args);
      } catch (error) {
        const { headers, body } = args.request as {
          headers: Record<string, string>;
          body?: unknown;
        };
        const eTag = /^"(.+)"$/.exec(headers['if-match'] ?? '')?.[1];
        const { method } = args.request as { method: string };
        if (eTag === undefined || method === 'GET' || !failed(error) || !isAtHand(body))
          throw error;
        headers['if-match'] = eTag;
        return await next(args);
      }
    },
    // Before the signature, which is over this header too, and the SDK's own retries.
    { step: 'build', priority: 'low', name: 'retryUnquoted' },
  );
}

function failed(error: unknown): boolean {
  return error instanceof Error && error.name === 'PreconditionFailed';
}

/** Whether a body can be sent twice. */
function isAtHand(body: unknown): boolean {
  return body === undefined || typeof body === 'string' || body instanceof Uint8Array;
}
