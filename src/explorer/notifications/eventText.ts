import { l10n } from 'vscode';
import type { NotificationEvent } from '../../aws/notifications/notificationRules.ts';

/** What an event tells of (Amazon S3 user guide, "Supported event types"), in a sentence. */
export function eventText(event: NotificationEvent): string {
  return EVENT_TEXTS[event]();
}

const EVENT_TEXTS: Readonly<Record<NotificationEvent, () => string>> = {
  's3:ObjectCreated:*': () => l10n.t('An object was created or overwritten, in whatever way'),
  's3:ObjectCreated:Put': () => l10n.t('An object was uploaded in one request'),
  's3:ObjectCreated:Post': () => l10n.t('An object was uploaded by a web form'),
  's3:ObjectCreated:Copy': () => l10n.t('An object was made by copying another'),
  's3:ObjectCreated:CompleteMultipartUpload': () => l10n.t('An object was uploaded in parts'),
  's3:ObjectRemoved:*': () => l10n.t('An object was deleted or marked as deleted'),
  's3:ObjectRemoved:Delete': () => l10n.t('An object or a version of it was deleted for good'),
  's3:ObjectRemoved:DeleteMarkerCreated': () =>
    l10n.t('An object of a versioned bucket was marked as deleted'),
  's3:ObjectTagging:*': () => l10n.t('The tags of an object were set or deleted'),
  's3:ObjectTagging:Put': () => l10n.t('The tags of an object were set'),
  's3:ObjectTagging:Delete': () => l10n.t('The tags of an object were deleted'),
  's3:ObjectAcl:Put': () => l10n.t('The access control list of an object was set'),
  's3:ObjectRetention:Put': () => l10n.t('The retention of an object was set'),
  's3:ObjectAnnotation:*': () => l10n.t('An annotation of an object was set or deleted'),
  's3:ObjectAnnotation:Put': () => l10n.t('An annotation of an object was set'),
  's3:ObjectAnnotation:Delete': () => l10n.t('An annotation of an object was deleted'),
  's3:ObjectRestore:*': () => l10n.t('The restore of an archived object began, ended or expired'),
  's3:ObjectRestore:Post': () => l10n.t('The restore of an archived object began'),
  's3:ObjectRestore:Completed': () => l10n.t('An archived object was restored'),
  's3:ObjectRestore:Delete': () => l10n.t('The restored copy of an archived object expired'),
  's3:LifecycleExpiration:*': () =>
    l10n.t('A lifecycle rule deleted an object or marked it as deleted'),
  's3:LifecycleExpiration:Delete': () => l10n.t('A lifecycle rule deleted an object'),
  's3:LifecycleExpiration:DeleteMarkerCreated': () =>
    l10n.t('A lifecycle rule marked an object as deleted'),
  's3:LifecycleTransition': () =>
    l10n.t('A lifecycle rule moved an object to another storage class'),
  's3:IntelligentTiering': () =>
    l10n.t('S3 Intelligent-Tiering moved an object to an archive tier'),
  's3:Replication:*': () => l10n.t('The replication of an object failed or was late'),
  's3:Replication:OperationFailedReplication': () => l10n.t('The replication of an object failed'),
  's3:Replication:OperationNotTracked': () =>
    l10n.t('The replication of an object is no longer tracked by metrics'),
  's3:Replication:OperationMissedThreshold': () =>
    l10n.t('The replication of an object takes longer than 15 minutes'),
  's3:Replication:OperationReplicatedAfterThreshold': () =>
    l10n.t('An object was replicated after more than 15 minutes'),
  's3:ReducedRedundancyLostObject': () => l10n.t('An object of reduced redundancy was lost'),
};
