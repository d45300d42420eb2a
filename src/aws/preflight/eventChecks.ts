import { copyTarget } from '../batchJobs/operations/copy.ts';
import type { JobOperation } from '../batchJobs/jobOperation.ts';
import { covers, type BucketNotification } from '../notifications/notification.ts';
import { readBucketNotifications } from '../notifications/bucketNotifications.ts';
import type { Check, SetOff } from './check.ts';
import { settled, type Checking, type Found } from './checking.ts';

/** The events that a job makes a bucket send: below a prefix, so many times. */
interface EventSource {
  readonly bucket: string;
  readonly prefix: string;
  readonly events: readonly string[];
  readonly count: number | undefined;
  readonly isReport?: boolean;
}

/** Buckets that are asked for: a manifest names one, or few. */
const MAX_BUCKETS = 10;

/** What event notifications of the buckets that it writes to the job would set off. */
export async function eventChecks(checking: Checking, found: Found): Promise<readonly Check[]> {
  const { operation } = checking.parts;
  const all = eventSourcesOf(checking, found);
  const checks = all.map(source =>
    settled('events', source.bucket, () => bucketChecks(checking, source)),
  );
  const noted = (await Promise.all(checks)).flat();
  const unknown = operation === undefined || isUnknown(operation);
  return [...noted, ...(unknown ? [unknownWrites(checking)] : [])];
}

/** What a function or S3 itself writes beyond what is asked, nobody knows. */
function isUnknown({ name }: JobOperation): boolean {
  return name === 'LambdaInvoke' || name === 'S3UpdateObjectEncryption';
}

function unknownWrites({ parts: { operationName: subject } }: Checking): Check {
  return { id: 'events', status: 'unchecked', subject, reason: { kind: 'eventsUnknown' } };
}

function eventSourcesOf(
  { parts: { operation, report } }: Checking,
  { targets, objects }: Found,
): EventSource[] {
  const events = operation ? eventsOf(operation) : [];
  const target = operation?.name === 'S3PutObjectCopy' ? copyTarget(operation.settings) : undefined;
  const prefix = operation?.name === 'S3PutObjectCopy' ? operation.settings.TargetKeyPrefix : '';
  const places =
    target === undefined
      ? targets.slice(0, MAX_BUCKETS)
      : [{ bucket: target, prefix: prefix === undefined ? '' : `${prefix}/` }];
  const written = places.map(place => ({
    bucket: place.bucket,
    prefix: place.prefix ?? '',
    events,
    // Of several buckets nobody has counted how many objects lie in each.
    count: places.length === 1 ? objects : undefined,
  }));
  return [
    ...(events.length === 0 ? [] : written),
    ...(report === undefined
      ? []
      : [
          {
            ...{ bucket: report.bucket, count: undefined, isReport: true },
            prefix: report.prefix === '' ? 'job-' : `${report.prefix}/job-`,
            events: ['s3:ObjectCreated:Put'],
          },
        ]),
  ];
}

/** The events of each task (Amazon S3 user guide, "Supported event types"). */
function eventsOf({ name }: JobOperation): string[] {
  switch (name) {
    case 'S3PutObjectTagging':
      return ['s3:ObjectTagging:Put'];
    case 'S3DeleteObjectTagging':
      return ['s3:ObjectTagging:Delete'];
    case 'S3PutObjectCopy':
      return ['s3:ObjectCreated:Copy'];
    case 'S3PutObjectAcl':
      return ['s3:ObjectAcl:Put'];
    case 'S3InitiateRestoreObject':
      return ['s3:ObjectRestore:Post', 's3:ObjectRestore:Completed'];
    case 'S3PutObjectRetention':
      return ['s3:ObjectRetention:Put'];
    case 'S3ReplicateObject':
      return ['s3:Replication:OperationFailedReplication'];
    case 'LambdaInvoke':
    case 'S3ComputeObjectChecksum':
    case 'S3UpdateObjectEncryption':
    case 'S3PutObjectLegalHold':
      return [];
  }
}

async function bucketChecks({ clients, options }: Checking, source: EventSource): Promise<Check[]> {
  const { bucket, isReport = false } = source;
  const { notifications, eventBridge } = await readBucketNotifications(clients, bucket, options);
  const met = notifications.flatMap(notification => setOff(source, notification));
  const bridge: SetOff[] =
    eventBridge && !isReport
      ? source.events.map(event => ({
          bucket,
          event,
          count: source.count,
          isExact: true,
          isReport,
        }))
      : [];
  const warned = [
    ...met.map(({ event, id }) => warning(event, id)),
    ...bridge.map(event => warning(event)),
  ];
  if (warned.length > 0 || isReport) return warned;
  return [{ id: 'events', status: 'passed', subject: bucket, reason: { kind: 'noEvents' } }];
}

function warning(event: SetOff, notificationId?: string): Check {
  const { bucket } = event;
  return {
    ...{ id: 'events', status: 'warned', subject: bucket },
    reason: { kind: 'events', event },
    ...(notificationId !== undefined && {
      fixes: [{ kind: 'disableNotification', bucket, notificationIds: [notificationId] }],
    }),
  };
}

function setOff(
  source: EventSource,
  notification: BucketNotification,
): { event: SetOff; id: string }[] {
  const { prefix, suffix, events, destination, id } = notification;
  const meets = source.prefix.startsWith(prefix) || prefix.startsWith(source.prefix);
  if (!meets) return [];
  return source.events
    .filter(event => events.some(wide => covers(wide, event)))
    .map(event => ({
      id,
      event: {
        ...{ bucket: source.bucket, destination: destination.arn, event, count: source.count },
        isExact: suffix === '' && source.prefix.startsWith(prefix),
        isReport: source.isReport ?? false,
      },
    }));
}
