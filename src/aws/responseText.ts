import type { GetBucketNotificationConfigurationCommand } from '@aws-sdk/client-s3';

/**
 * Keeps the body of a command's answer as it came, which the SDK reads as its model says and then
 * throws away. Call the result once the command has been sent.
 */
export function readResponseText(command: GetBucketNotificationConfigurationCommand): () => string {
  let text = '';
  command.middlewareStack.add(
    next => async args => {
      const output = await next(args);
      const response = output.response as { statusCode?: number; body?: AsyncIterable<Uint8Array> };
      if (response.body !== undefined) {
        const bytes = await bytesOf(response.body);
        text = bytes.toString('utf8');
        response.body = bytes as unknown as AsyncIterable<Uint8Array>;
      }
      return output;
    },
    // The step's own middleware parses; a lower priority stands between it and the network.
    { step: 'deserialize', priority: 'low', name: 'keepResponseText' },
  );
  return () => text;
}

async function bytesOf(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}
