import type { GetBucketNotificationConfigurationCommand } from '@aws-sdk/client-s3';
import { readText, type Response } from './responseBody.ts';

/**
 * Keeps the body of a command's answer as it came, which the SDK reads as its model says and then
 * throws away. Call the result once the command has been sent.
 */
export function readResponseText(command: GetBucketNotificationConfigurationCommand): () => string {
  let text = '';
  command.middlewareStack.add(
    next => async args => {
      const output = await next(args);
      text = await readText(output.response as Response);
      return output;
    },
    // The step's own middleware parses; a lower priority stands between it and the network.
    { step: 'deserialize', priority: 'low', name: 'keepResponseText' },
  );
  return () => text;
}
