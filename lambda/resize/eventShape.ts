import type { S3Event } from 'aws-lambda';
import type { BatchEvent } from './batchEvent.ts';

/** Whether it is an invocation by S3 Batch Operations: anyone who may invoke the function sends anything. */
export function isBatchEvent(event: unknown): event is BatchEvent {
  return hasList(event, 'tasks', task => hasTexts(task, 'taskId', 's3Key'));
}

/** Whether it is an S3 event notification, each record with what is read of it. */
export function isS3Event(event: unknown): event is S3Event {
  return hasList(event, 'Records', record => {
    if (!hasTexts(record, 'eventName')) return false;
    const { s3 } = record as {
      readonly s3?: { readonly bucket?: unknown; readonly object?: unknown };
    };
    return hasTexts(s3?.bucket, 'name') && hasTexts(s3?.object, 'key');
  });
}

/** Whether S3 only tries out a notification. */
export function isTestEvent(event: unknown): boolean {
  return isObject(event) && event['Event'] === 's3:TestEvent';
}

function hasList(event: unknown, name: string, check: (item: unknown) => boolean): boolean {
  const list: unknown = isObject(event) ? event[name] : undefined;
  return Array.isArray(list) && list.every(check);
}

function hasTexts(value: unknown, ...names: readonly string[]): boolean {
  return isObject(value) && names.every(name => typeof value[name] === 'string');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
