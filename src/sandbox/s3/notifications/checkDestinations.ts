import { AwsError } from '../../errors.ts';
import type { S3Context } from '../s3Context.ts';
import type { Bucket } from '../store/buckets.ts';
import { s3Arn } from '../s3Call.ts';
import type { NotificationRule } from '../store/notificationConfiguration.ts';

/**
 * Makes sure that S3 may send to the destinations, as S3 does unless it is told to skip that.
 * @throws AwsError InvalidArgument with every destination that fails and why.
 */
export function checkDestinations(
  context: S3Context,
  bucket: Bucket,
  rules: readonly NotificationRule[],
): void {
  const reasons = new Map<string, string>();
  for (const rule of rules) {
    const reason = problemOf(context, bucket, rule);
    if (reason !== undefined) reasons.set(rule.arn, reason);
  }
  if (reasons.size === 0) return;
  const fields = [...reasons].flatMap(([arn, reason], index): (readonly [string, string])[] => [
    [`ArgumentName${index + 1}`, `${arn}, null`],
    [`ArgumentValue${index + 1}`, reason],
  ]);
  throw new AwsError(
    'InvalidArgument',
    400,
    'Unable to validate the following destination configurations',
    Object.fromEntries(fields),
  );
}

/** The sandbox has no queues and no topics, so there is none that could be found. */
function problemOf(
  context: S3Context,
  bucket: Bucket,
  { kind, arn }: NotificationRule,
): string | undefined {
  if (kind === 'queue') return 'The destination queue does not exist';
  if (kind === 'topic') return 'The destination topic does not exist';
  const permission = context.events.maySend(arn, bucketAsSender(context, bucket.name));
  if (permission === 'allowed') return undefined;
  if (permission === 'denied') return `Not authorized to invoke function [${arn}]`;
  return 'The destination Lambda does not exist';
}

/** What a function's resource policy is asked about. */
export function bucketAsSender(context: Pick<S3Context, 'accountId'>, bucket: string) {
  return {
    service: 's3.amazonaws.com',
    sourceArn: s3Arn(bucket),
    sourceAccount: context.accountId,
  } as const;
}
