import { l10n } from 'vscode';
import { BrigadeError } from '../../aws/errors.ts';
import type { BucketNotification } from '../../aws/notifications/notification.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import type { NotificationTarget } from '../../commands.ts';
import type { Services, Session } from '../../services.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { pick } from '../../vscode/prompts.ts';
import { visibleLabel } from '../../vscode/visibleText.ts';
import { groupNotifications } from './draft.ts';
import type { DisabledNotifications } from './disabledNotifications.ts';
import { summary } from './notificationSummary.ts';
import { destinationName } from './notificationText.ts';

/** What the commands for notifications work with. */
export interface Notifications extends Pick<Services, 'connections'> {
  readonly disabled: DisabledNotifications;
  /** Where what a bucket notifies is shown. */
  readonly tree: { refreshNotifications(bucket?: string): void };
  /** Lets the user choose a bucket, those added by name among the rest. */
  readonly askBucket: (session: Session, title: string) => Promise<string>;
}

/** What a bucket has, in its configuration and disabled. */
export interface BucketState {
  readonly enabled: readonly BucketNotification[];
  readonly disabled: readonly BucketNotification[];
}

/** The bucket a command was called on, or the one the user chooses. */
export async function bucketOrAsk(
  { askBucket }: Notifications,
  session: Session,
  target: { readonly bucket?: string } | undefined,
  title: string,
): Promise<string> {
  return target?.bucket ?? (await askBucket(session, title));
}

/** @throws BrigadeError `AccessDenied`, `Cancelled` … */
export async function readState(
  { disabled }: Notifications,
  session: Session,
  bucket: string,
): Promise<BucketState> {
  const title = l10n.t('Reading the event notifications of {0}', bucket);
  return await withCancellableProgress({ title }, async signal => {
    const { readBucketNotifications } =
      await import('../../aws/notifications/bucketNotifications.ts');
    const read = await readBucketNotifications(session.clients, bucket, { signal });
    const { notifications: enabled } = read;
    const rest = disabled
      .list(session, bucket)
      .filter(({ id }) => !enabled.some(other => other.id === id));
    return { enabled, disabled: rest };
  });
}

/** Entries that differ by their filters only; a row stands for all of them. */
export type NotificationGroup = readonly [BucketNotification, ...BucketNotification[]];

/**
 * The entries a command was called on, or those the user chooses among the bucket's.
 *
 * @throws BrigadeError `NotFound` when one is not there (any more), or when there is none to choose.
 */
export async function notificationsOrAsk(
  { notificationId, notificationIds }: Partial<NotificationTarget>,
  bucket: string,
  among: readonly BucketNotification[],
  title: string,
): Promise<NotificationGroup> {
  const subject = formatS3Uri({ bucket });
  const wanted = notificationIds ?? (notificationId === undefined ? [] : [notificationId]);
  const [first, ...others] = wanted.map(id => {
    const found = among.find(entry => entry.id === id);
    if (found) return found;
    throw new BrigadeError('NotFound', `No such event notification: ${id}`, { subject: id });
  });
  if (first) return [first, ...others];
  const usable = among.filter(({ id }) => id !== '');
  if (usable.length === 0) {
    throw new BrigadeError('InvalidInput', l10n.t('There are no event notifications.'), {
      subject,
    });
  }
  const chosen = await pick({
    title,
    placeholder: l10n.t('Select an event notification of {0}', bucket),
    items: groupNotifications(usable).map(group => ({
      label: visibleLabel(destinationName(group[0])),
      description: visibleLabel(summary(...group)),
      detail: visibleLabel(group.map(({ id }) => id).join(', ')),
      group,
    })),
  });
  return chosen.group;
}
