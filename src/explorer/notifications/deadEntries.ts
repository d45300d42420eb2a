import { l10n, window } from 'vscode';
import {
  isInvalidDestination,
  refusedDestinations,
} from '../../aws/notifications/invalidDestinations.ts';
import type { BucketNotification } from '../../aws/notifications/notification.ts';
import { cancelled } from '../../vscode/cancellation.ts';
import { destinationName, summary } from './notificationText.ts';

/** The entries of others because of which S3 refused a change: what they point at is gone, or denies it. */
export function deadEntries(
  error: unknown,
  others: readonly BucketNotification[],
): BucketNotification[] {
  if (!isInvalidDestination(error)) return [];
  const arns = refusedDestinations(error).map(({ arn }) => arn);
  return others.filter(({ destination }) => arns.includes(destination.arn));
}

/** @throws BrigadeError `Cancelled` */
export async function confirmRemovalOfDead(
  bucket: string,
  dead: readonly BucketNotification[],
): Promise<void> {
  const remove = l10n.t('Remove and Continue');
  const names = [...new Set(dead.map(destinationName))].join(', ');
  const chosen = await window.showWarningMessage(
    l10n.t("Remove {0} event notifications of {1} that S3 can't deliver?", dead.length, bucket),
    {
      modal: true,
      detail: [
        l10n.t(
          "S3 checks every destination of a bucket when one is added, and refused these: {0}. Either they don't exist any more, or they don't allow S3 to send to them.",
          names,
        ),
        ...dead.map(entry => summary(entry)),
      ].join('\n'),
    },
    remove,
  );
  if (chosen !== remove) throw cancelled();
}
