import type {
  GetBucketNotificationConfigurationCommand,
  ListObjectVersionsCommand,
} from '@aws-sdk/client-s3';
import type { DescribeJobCommand } from '@aws-sdk/client-s3-control';
import { readText, type Response } from './responseBody.ts';

/**
 * Keeps the body of a command's answer as it came, which the SDK reads as its model says and then
 * throws away. Call the result once the command has been sent.
 */
export function readResponseText(
  command:
    GetBucketNotificationConfigurationCommand | DescribeJobCommand | ListObjectVersionsCommand,
): () => string {
  let text = '';
  // Every command has such a stack; only the types of what goes through it differ.
  const { middlewareStack } = command as Pick<
    GetBucketNotificationConfigurationCommand,
    'middlewareStack'
  >;
  middlewareStack.add(
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
