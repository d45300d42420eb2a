import { l10n } from 'vscode';
import type { NotificationEvent } from '../aws/notifications/notificationRules.ts';
import { visible } from './visibleText.ts';

/** What one of a notification's events is called; a type that is newer than our list by its code. */
export function eventLabel(event: string): string {
  const name = event.startsWith('s3:') ? event : `s3:${event}`;
  return Object.hasOwn(EVENT_TEXTS, name)
    ? eventText(name as NotificationEvent)
    : visible(event.replace(/^s3:/, ''));
}

/** What an event reports (Amazon S3 user guide, "Supported event types"), in a sentence. */
export function eventText(event: NotificationEvent): string {
  return EVENT_TEXTS[event]();
}

const EVENT_TEXTS: Readonly<Record<NotificationEvent, () => string>> = {
  's3:ObjectCreated:*': () => l10n.t('All object create events'),
  's3:ObjectCreated:Put': () => l10n.t('Object created by a PUT request'),
  's3:ObjectCreated:Post': () => l10n.t('Object created by a POST request (web form)'),
  's3:ObjectCreated:Copy': () => l10n.t('Object created by a copy'),
  's3:ObjectCreated:CompleteMultipartUpload': () => l10n.t('Multipart upload completed'),
  's3:ObjectRemoved:*': () => l10n.t('All object removal events'),
  's3:ObjectRemoved:Delete': () => l10n.t('Object or version permanently deleted'),
  's3:ObjectRemoved:DeleteMarkerCreated': () => l10n.t('Delete marker created'),
  's3:ObjectTagging:*': () => l10n.t('All object tagging events'),
  's3:ObjectTagging:Put': () => l10n.t('Object tags set'),
  's3:ObjectTagging:Delete': () => l10n.t('Object tags deleted'),
  's3:ObjectAcl:Put': () => l10n.t('Object ACL set'),
  's3:ObjectRetention:Put': () => l10n.t('Object retention set'),
  's3:ObjectAnnotation:*': () => l10n.t('All object annotation events'),
  's3:ObjectAnnotation:Put': () => l10n.t('Object annotation set'),
  's3:ObjectAnnotation:Delete': () => l10n.t('Object annotation deleted'),
  's3:ObjectRestore:*': () => l10n.t('All object restore events'),
  's3:ObjectRestore:Post': () => l10n.t('Restore initiated'),
  's3:ObjectRestore:Completed': () => l10n.t('Restore completed'),
  's3:ObjectRestore:Delete': () => l10n.t('Restored copy expired'),
  's3:LifecycleExpiration:*': () => l10n.t('All lifecycle expiration events'),
  's3:LifecycleExpiration:Delete': () => l10n.t('Object permanently deleted by a lifecycle rule'),
  's3:LifecycleExpiration:DeleteMarkerCreated': () =>
    l10n.t('Delete marker created by a lifecycle rule'),
  's3:LifecycleTransition': () => l10n.t('Object transitioned by a lifecycle rule'),
  's3:IntelligentTiering': () =>
    l10n.t('Object moved to an archive tier by S3 Intelligent-Tiering'),
  's3:Replication:*': () => l10n.t('All replication events'),
  's3:Replication:OperationFailedReplication': () => l10n.t('Replication failed'),
  's3:Replication:OperationNotTracked': () => l10n.t('Replication no longer tracked by metrics'),
  's3:Replication:OperationMissedThreshold': () => l10n.t('Replication exceeded 15 minutes'),
  's3:Replication:OperationReplicatedAfterThreshold': () =>
    l10n.t('Object replicated after the 15-minute threshold'),
  's3:ReducedRedundancyLostObject': () => l10n.t('Reduced Redundancy Storage object lost'),
};
