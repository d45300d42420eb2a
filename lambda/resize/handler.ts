// The function's entry: `index.handler`. What runs here runs once, at cold start.
import './smallHeap.ts';
import type { S3BatchResult } from 'aws-lambda';
import sharp from 'sharp';
import { handleBatchEvent } from './batchEvent.ts';
import { isBatchEvent, isS3Event, isTestEvent } from './eventShape.ts';
import { permanent } from './fault.ts';
import { log } from './log.ts';
import { parseOptions } from './options.ts';
import type { Invocation, Outcome } from './outcome.ts';
import { s3Settings } from '../s3/endpoint.ts';
import { S3 } from '../s3/s3.ts';
import { handleS3Event } from './s3Event.ts';

/** Lambda gives a function one virtual CPU for so many megabytes. */
const MEGABYTES_PER_CPU = 1769;

/** Lambda always says; elsewhere the function may take what there is. */
const megabytes = Number(process.env['AWS_LAMBDA_FUNCTION_MEMORY_SIZE']) || undefined;

// No image is opened twice, so a cache would only hold memory.
sharp.cache(false);
sharp.concurrency(Math.max(1, Math.floor((megabytes ?? 0) / MEGABYTES_PER_CPU)));

const tools = {
  memory: megabytes && megabytes * 1024 ** 2,
  options: parseOptions(process.env),
  s3: new S3(
    s3Settings(process.env),
    {
      // Lambda gives a function its role's credentials by these variables.
      accessKeyId: process.env['AWS_ACCESS_KEY_ID'] ?? '',
      secretAccessKey: process.env['AWS_SECRET_ACCESS_KEY'] ?? '',
      sessionToken: process.env['AWS_SESSION_TOKEN'],
    },
    Number(process.env['AWS_MAX_ATTEMPTS']) || undefined,
  ),
};

/**
 * Resizes the objects of an S3 event notification or of an S3 Batch Operations task.
 *
 * @throws Fault as `handleS3Event` does; `UnsupportedEvent` for anything else.
 */
export async function handler(
  event: unknown,
  context: Invocation,
): Promise<S3BatchResult | { readonly results: readonly Outcome[] }> {
  if (isBatchEvent(event)) return await handleBatchEvent(tools, event, context);
  if (isS3Event(event)) return await handleS3Event(tools, event, context);
  if (isTestEvent(event)) {
    log('debug', 'S3 tested the notification', { requestId: context.awsRequestId });
    return { results: [] };
  }
  throw permanent(
    'UnsupportedEvent',
    'Neither an S3 event notification ("Records") nor an S3 Batch Operations task ("tasks")',
  );
}
