import { l10n, window } from 'vscode';
import { BrigadeError } from '../../aws/errors.ts';
import {
  isInvalidDestination,
  refusedDestinations,
} from '../../aws/notifications/invalidDestinations.ts';
import type {
  BucketNotification,
  NotificationDestination,
} from '../../aws/notifications/notification.ts';
import { parseDestinationArn, withoutCovered } from '../../aws/notifications/notificationRules.ts';
import type { NotificationChange } from '../../aws/notifications/notifications.ts';
import type { PutNotificationsInput } from '../../aws/notifications/putNotifications.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import type { Session } from '../../services.ts';
import { cancelled } from '../../vscode/cancellation.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import type { Notifications } from './chooseNotification.ts';
import { completed, type CompleteDraft, type Draft } from './draft.ts';
import { summary } from './notificationSummary.ts';
import { destinationName } from './notificationText.ts';
import { filtersProblem } from './problems.ts';
import { formatList } from '../../vscode/formats.ts';

/** @throws BrigadeError `InvalidInput` for what S3 cannot notify */
export function destinationOf(arn: string): NotificationDestination {
  const parsed = parseDestinationArn(arn);
  if (parsed) return { kind: parsed.kind, arn };
  throw new BrigadeError(
    'InvalidInput',
    l10n.t('Not the ARN of a Lambda function, a standard SQS queue or a standard SNS topic'),
    { subject: arn },
  );
}

/** What S3 would refuse is said before it is asked. @throws BrigadeError `InvalidInput` */
export function checked(
  bucket: string,
  draft: Draft,
  others: readonly BucketNotification[],
): CompleteDraft {
  const complete = completed(draft);
  if (!complete) throw cancelled();
  const events = withoutCovered(complete.events);
  const problem =
    events.length === 0
      ? l10n.t('Select at least one event.')
      : filtersProblem(complete.filters, events, others);
  if (problem === undefined) return { ...complete, events };
  throw new BrigadeError('InvalidInput', problem, { subject: formatS3Uri({ bucket }) });
}

/**
 * Writes entries, with the permissions they need. Where S3 refuses because others of the bucket point at
 * what is gone, removing those is offered.
 *
 * @param others the entries that the bucket keeps
 * @param silent nobody is asked
 */
export async function put(
  notifications: Notifications,
  session: Session,
  input: PutNotificationsInput,
  { others, silent }: { others: readonly BucketNotification[]; silent: boolean },
): Promise<void> {
  const { putNotifications } = await import('../../aws/notifications/putNotifications.ts');
  const write = () =>
    writing(notifications, input.bucket, signal =>
      putNotifications(session.clients, input, { signal }),
    );
  try {
    await write();
  } catch (error) {
    const dead = silent ? [] : deadEntries(error, others);
    if (dead.length === 0) throw error;
    await confirmRemovalOfDead(input.bucket, dead);
    await removeNotifications(notifications, session, input.bucket, dead);
    await write();
  }
}

/** Removes entries from the bucket's configuration, as far as they are still in it. */
export async function removeNotifications(
  notifications: Notifications,
  session: Session,
  bucket: string,
  entries: readonly BucketNotification[],
): Promise<void> {
  const { withoutNotification } =
    await import('../../aws/notifications/notificationConfiguration.ts');
  await changeConfiguration(notifications, session, bucket, current =>
    entries.reduce((left, { id }) => withoutNotification(left, id), current),
  );
}

/** Changes the whole of what a bucket notifies. */
export async function changeConfiguration(
  notifications: Notifications,
  { clients }: Session,
  bucket: string,
  change: NotificationChange['change'],
): Promise<void> {
  const { changeNotifications } = await import('../../aws/notifications/notifications.ts');
  await writing(notifications, bucket, signal =>
    changeNotifications(clients, { bucket, change }, { signal }),
  );
}

/** Shows what the bucket has afterwards, even if that is not what was wanted. */
async function writing(
  { tree }: Notifications,
  bucket: string,
  write: (signal: AbortSignal) => Promise<unknown>,
): Promise<void> {
  const title = l10n.t('Changing the event notifications of {0}', bucket);
  try {
    await withCancellableProgress({ title }, write);
  } finally {
    tree.refreshNotifications(bucket);
  }
}

/** The entries of others because of which S3 refused a change: what they point at is gone, or denies it. */
function deadEntries(error: unknown, others: readonly BucketNotification[]): BucketNotification[] {
  if (!isInvalidDestination(error)) return [];
  const arns = refusedDestinations(error).map(({ arn }) => arn);
  return others.filter(({ destination }) => arns.includes(destination.arn));
}

/** @throws BrigadeError `Cancelled` */
async function confirmRemovalOfDead(
  bucket: string,
  dead: readonly BucketNotification[],
): Promise<void> {
  const remove = l10n.t('Remove and Continue');
  const names = formatList(new Set(dead.map(destinationName)));
  const chosen = await window.showWarningMessage(
    l10n.t('Remove {0} event notifications of {1} that S3 can’t deliver?', dead.length, bucket),
    {
      modal: true,
      detail: [
        l10n.t(
          'S3 validates every destination of a bucket when one is added, and rejected these: {0}. They no longer exist, or don’t allow S3 to send events to them.',
          names,
        ),
        ...dead.map(entry => summary(entry)),
      ].join('\n'),
    },
    remove,
  );
  if (chosen !== remove) throw cancelled();
}
