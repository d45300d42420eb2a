import { header } from '../../request.ts';
import type { S3Context } from '../s3Context.ts';
import { encodeEventKey, eventRecord } from './eventRecord.ts';
import type { ObjectEvent } from './eventRecord.ts';
import { wants } from '../store/notificationConfiguration.ts';

/**
 * Leaves an event for those that the bucket's configuration names; nothing is done for a bucket without
 * one. Call it inside the transaction of the change.
 */
export function recordEvent(
  context: Pick<S3Context, 's3' | 'accountId'>,
  event: ObjectEvent,
): void {
  const { bucket, name, key, origin } = event;
  const configuration = context.s3.notifications.inForce(bucket.id);
  if (!configuration) return;
  const encodedKey = encodeEventKey(key);
  for (const rule of configuration.rules) {
    if (!wants(rule, `s3:${name}`, encodedKey)) continue;
    const record = eventRecord(event, rule.id, context.accountId);
    context.s3.outbox.add({
      bucket: bucket.name,
      kind: rule.kind,
      arn: rule.arn,
      payload: JSON.stringify({ Records: [record] }),
      traceHeader: origin.request && header(origin.request, 'x-amzn-trace-id'),
    });
  }
}
