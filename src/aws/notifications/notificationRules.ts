import { covers, overlaps, type BucketNotification, type DestinationKind } from './notification.ts';
import { encodeEventKey } from './eventKey.ts';

/** Every event that S3's service model knows for notifications, the most wanted first. */
export const NOTIFICATION_EVENTS = [
  's3:ObjectCreated:*',
  's3:ObjectCreated:Put',
  's3:ObjectCreated:Post',
  's3:ObjectCreated:Copy',
  's3:ObjectCreated:CompleteMultipartUpload',
  's3:ObjectRemoved:*',
  's3:ObjectRemoved:Delete',
  's3:ObjectRemoved:DeleteMarkerCreated',
  's3:ObjectTagging:*',
  's3:ObjectTagging:Put',
  's3:ObjectTagging:Delete',
  's3:ObjectRestore:*',
  's3:ObjectRestore:Post',
  's3:ObjectRestore:Completed',
  's3:ObjectRestore:Delete',
  's3:LifecycleExpiration:*',
  's3:LifecycleExpiration:Delete',
  's3:LifecycleExpiration:DeleteMarkerCreated',
  's3:LifecycleTransition',
  's3:IntelligentTiering',
  's3:ObjectAcl:Put',
  's3:ObjectRetention:Put',
  's3:ObjectAnnotation:*',
  's3:ObjectAnnotation:Put',
  's3:ObjectAnnotation:Delete',
  's3:Replication:*',
  's3:Replication:OperationFailedReplication',
  's3:Replication:OperationNotTracked',
  's3:Replication:OperationMissedThreshold',
  's3:Replication:OperationReplicatedAfterThreshold',
  's3:ReducedRedundancyLostObject',
] as const;

export type NotificationEvent = (typeof NOTIFICATION_EVENTS)[number];

/** Entries that a bucket can have (AWS General Reference, "Amazon S3 endpoints and quotas"). */
export const MAX_NOTIFICATIONS = 100;
/** Bytes that a filter's value may have, encoded. */
export const MAX_FILTER_BYTES = 1024;

/** Events without those that another of them holds already: S3 refuses both in one entry. */
export function withoutCovered(events: readonly string[]): string[] {
  const different = [...new Set(events)];
  return different.filter(
    event => !different.some(other => other !== event && covers(other, event)),
  );
}

/** Whether a prefix or suffix is longer than S3 takes it, as it is written in a filter. */
export function isFilterTooLong(text: string): boolean {
  return Buffer.byteLength(encodeEventKey(text)) > MAX_FILTER_BYTES;
}

export interface DestinationArn {
  readonly kind: DestinationKind;
  readonly arn: string;
  readonly region: string;
  readonly accountId: string;
  /** Without a function's version or alias. */
  readonly name: string;
  /** A function's version or alias. */
  readonly qualifier?: string;
}

const SERVICES: Readonly<Record<string, DestinationKind>> = {
  lambda: 'lambda',
  sqs: 'queue',
  sns: 'topic',
};

/**
 * Reads the ARN of a Lambda function, an SQS queue or an SNS topic; undefined for anything else and
 * for what S3 cannot notify: FIFO queues and topics, and a function's `$LATEST` (Amazon S3 user
 * guide, "Supported event destinations"; Lambda API reference, AddPermission).
 */
export function parseDestinationArn(text: string): DestinationArn | undefined {
  const match =
    /^arn:aws[\w-]*:(?:(lambda):([\w-]+):(\d{12}):function:([\w-]{1,64})(?::([\w-]{1,128}))?|(sqs|sns):([\w-]+):(\d{12}):([\w-]{1,256}))$/.exec(
      text,
    );
  if (!match) return undefined;
  const kind = SERVICES[match[1] ?? match[6] ?? ''];
  const [region = '', accountId = '', name = ''] = match[1] ? match.slice(2, 5) : match.slice(7);
  const qualifier = match[5];
  return kind && { kind, arn: text, region, accountId, name, ...(qualifier && { qualifier }) };
}

/** Two suffixes that S3 would refuse beside each other under one prefix: the first such pair. */
export function clashingSuffixes(suffixes: readonly string[]): [string, string] | undefined {
  const scope = (suffix: string): Pick<BucketNotification, 'events' | 'prefix' | 'suffix'> => ({
    events: ['s3:ObjectCreated:*'],
    prefix: '',
    suffix,
  });
  for (const [index, one] of suffixes.entries()) {
    const other = suffixes.slice(index + 1).find(each => overlaps(scope(one), scope(each)));
    if (other !== undefined) return [one, other];
  }
  return undefined;
}
