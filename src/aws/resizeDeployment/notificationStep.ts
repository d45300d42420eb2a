import type { NotificationConfiguration } from '@aws-sdk/client-s3';
import type { CallOptions } from '../call.ts';
import { conflict, type Run } from '../deployment/plannedStep.ts';
import { BrigadeError } from '../errors.ts';
import type { BucketNotification } from '../notifications/notification.ts';
import { findOverlap, sameConfiguration } from '../notifications/notificationConfiguration.ts';
import { changeNotifications, readNotifications } from '../notifications/notifications.ts';
import { formatS3Uri } from '../s3Uri.ts';
import { functionArnOf, type DeploymentContext, type ResizeStep } from './context.ts';
import { ourEntries, sameEntries, wantedEntries, withEntries } from './notificationEntries.ts';
import { findLoop } from './loop.ts';
import type { NotificationDetail } from '../deployment/step.ts';
import type { UndoResult } from '../deployment/undoLog.ts';

/** The entries of the bucket's event notifications that lead to the function. */
export async function planNotification(context: DeploymentContext): Promise<ResizeStep> {
  const { clients, target, options } = context;
  const facts = { kind: 'notification' as const, subject: formatS3Uri({ bucket: target.bucket }) };
  const configuration = await readNotifications(clients, target.bucket, options);
  const wanted = wantedEntries(target, functionArnOf(context));
  const details = wanted.map(entry => detailOf(entry));
  const ours = ourEntries(configuration);
  const stranger = ours.find(({ destination }) => destination.arn !== functionArnOf(context));
  if (stranger) {
    const { arn } = stranger.destination;
    const reason = `The bucket is deployed to the function ${arn} already: remove that first`;
    return conflict({ ...facts, details }, 'overlap', [stranger.id, stranger.id, arn], reason);
  }
  const loop = await findLoop(context, wanted);
  if (loop) return conflict({ ...facts, details }, 'loop', loop.names, loop.reason);
  const overlap = overlapOf(configuration, wanted);
  if (overlap) return conflict({ ...facts, details }, 'overlap', overlap.names, overlap.reason);
  if (sameEntries(ours, wanted)) return { step: { ...facts, action: 'keep', details } };
  const action = ours.length === 0 ? 'create' : 'change';
  const stale = ours.filter(entry => !wanted.some(({ id }) => id === entry.id));
  return {
    step: {
      ...facts,
      action,
      details: [...details, ...stale.map(entry => detailOf(entry, true))],
    },
    apply: run => apply(context, wanted, run),
  };
}

function detailOf(entry: BucketNotification, isRemoved = false): NotificationDetail {
  const { id, events, prefix, suffix, destination } = entry;
  return { kind: 'notification', id, events, prefix, suffix, arn: destination.arn, isRemoved };
}

/** S3's own rule, before S3 refuses it; entries of ours will all be replaced. */
function overlapOf(
  configuration: NotificationConfiguration,
  wanted: readonly BucketNotification[],
): { names: string[]; reason: string } | undefined {
  const others = withEntries(configuration, []);
  for (const entry of wanted) {
    const other = findOverlap(others, entry);
    if (other) {
      const { arn } = other.destination;
      const reason = `It overlaps the notification ${other.id} to ${arn}`;
      return { names: [entry.id, other.id, arn], reason };
    }
  }
  return undefined;
}

async function apply(
  context: DeploymentContext,
  wanted: readonly BucketNotification[],
  run: Run,
): Promise<void> {
  const { clients, target, options } = context;
  const { bucket } = target;
  let before: NotificationConfiguration | undefined;
  const change = (current: NotificationConfiguration): NotificationConfiguration => {
    const overlap = overlapOf(current, wanted);
    if (overlap) {
      const subject = formatS3Uri({ bucket });
      const conflict = { code: 'overlap', names: overlap.names } as const;
      throw new BrigadeError('Conflict', overlap.reason, {
        subject,
        problem: { kind: 'conflict', conflict },
      });
    }
    // It is called again, on what S3 says afterwards.
    before ??= current;
    return withEntries(current, wanted);
  };
  const restore = async (later: CallOptions): Promise<UndoResult> =>
    before === undefined ? 'nothing' : await putBack(context, wanted, before, later);
  await run.undo.perform({ what: `notifications of bucket ${bucket}`, run: restore }, async () => {
    const permissionIsNew = run.isNew.has('permission');
    await changeNotifications(clients, { bucket, change, permissionIsNew }, options);
  });
}

/** What others have changed meanwhile stays: then only entries of ours are put back. */
async function putBack(
  { clients, target }: DeploymentContext,
  wanted: readonly BucketNotification[],
  before: NotificationConfiguration,
  options: CallOptions,
): Promise<UndoResult> {
  const { bucket } = target;
  const old = ourEntries(before);
  let result: UndoResult = 'nothing';
  const change = (current: NotificationConfiguration): NotificationConfiguration => {
    const ours = ourEntries(current);
    if (sameEntries(ours, old)) return current;
    result = sameEntries(ours, wanted) ? 'undone' : 'left';
    if (result === 'left') return current;
    // In the very order in which it was, where nothing else has changed.
    const untouched = sameConfiguration(current, withEntries(before, wanted));
    return untouched ? before : withEntries(current, old);
  };
  await changeNotifications(clients, { bucket, change }, options);
  return result;
}
