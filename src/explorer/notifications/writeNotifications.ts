import { l10n } from 'vscode';
import { BrigadeError } from '../../aws/errors.ts';
import type { BucketNotification, NotificationDestination } from '../../aws/notification.ts';
import { parseDestinationArn, withoutCovered } from '../../aws/notificationRules.ts';
import type { PutNotificationsInput } from '../../aws/putNotifications.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import type { Session } from '../../services.ts';
import { cancelled } from '../../vscode/cancellation.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import type { Notifications } from './chooseNotification.ts';
import { completed, type CompleteDraft, type Draft } from './draft.ts';
import { suffixesProblem } from './problems.ts';

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
      ? l10n.t('An event notification needs an event.')
      : suffixesProblem(complete.suffixes, { ...complete, events }, others);
  if (problem === undefined) return { ...complete, events };
  throw new BrigadeError('InvalidInput', problem, { subject: formatS3Uri({ bucket }) });
}

/** Writes entries and shows what the bucket has then, even if that is not what was wanted. */
export async function put(
  { explorer }: Notifications,
  session: Session,
  input: PutNotificationsInput,
): Promise<void> {
  const { putNotifications } = await import('../../aws/putNotifications.ts');
  const title = l10n.t('Changing the event notifications of {0}', input.bucket);
  try {
    await withCancellableProgress({ title }, signal =>
      putNotifications(session.clients, input, { signal }),
    );
  } finally {
    explorer.tree.refreshNotifications(input.bucket);
  }
}
