import { l10n, window } from 'vscode';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import type { S3Location, UnaskedArguments } from '../../commands.ts';
import { cancelled } from '../../vscode/cancellation.ts';
import { bucketOrAsk, type Notifications } from './chooseNotification.ts';
import { changeConfiguration } from './writeNotifications.ts';

/** Has a bucket send all its events to Amazon EventBridge. */
export async function turnOnEventBridge(
  on: Notifications,
  target: S3Location | undefined,
): Promise<void> {
  const bucket = await bucketFor(on, target, l10n.t('Send Events to EventBridge'));
  await setEventBridge(on, bucket, true);
}

/** Has a bucket send no events to Amazon EventBridge any more, after asking. */
export async function turnOffEventBridge(
  on: Notifications,
  target: UnaskedArguments['bucketBrigade.notifications.turnOffEventBridge'][0],
): Promise<void> {
  const bucket = await bucketFor(on, target, l10n.t('Stop Sending Events to EventBridge'));
  if (target?.skipConfirmation !== true) {
    const stop = l10n.t('Stop');
    const chosen = await window.showWarningMessage(
      l10n.t('Stop sending the events of {0} to EventBridge?', bucket),
      {
        modal: true,
        detail: l10n.t(
          'Amazon EventBridge rules no longer receive events from {0}.',
          formatS3Uri({ bucket }),
        ),
      },
      stop,
    );
    if (chosen !== stop) throw cancelled();
  }
  await setEventBridge(on, bucket, false);
}

async function bucketFor(on: Notifications, target: S3Location | undefined, title: string) {
  return await bucketOrAsk(on, await on.connections.session(), target, title);
}

async function setEventBridge(on: Notifications, bucket: string, isOn: boolean): Promise<void> {
  const { withEventBridge } = await import('../../aws/notifications/notificationConfiguration.ts');
  const session = await on.connections.session();
  await changeConfiguration(on, session, bucket, current => withEventBridge(current, isOn));
}
