import { l10n } from 'vscode';
import type { NotificationEvent } from '../../aws/notifications/notificationRules.ts';

/** What an event tells of (Amazon S3 user guide, "Supported event types"), in a sentence. */
export function eventText(event: NotificationEvent): string {
  return objectText(event) ?? otherText(event) ?? '';
}

function objectText(event: NotificationEvent): string | undefined {
  switch (event) {
    case 's3:ObjectCreated:*':
      return l10n.t('An object was created or overwritten, in whatever way');
    case 's3:ObjectCreated:Put':
      return l10n.t('An object was uploaded in one request');
    case 's3:ObjectCreated:Post':
      return l10n.t('An object was uploaded by a web form');
    case 's3:ObjectCreated:Copy':
      return l10n.t('An object was made by copying another');
    case 's3:ObjectCreated:CompleteMultipartUpload':
      return l10n.t('An object was uploaded in parts');
    case 's3:ObjectRemoved:*':
      return l10n.t('An object was deleted or marked as deleted');
    case 's3:ObjectRemoved:Delete':
      return l10n.t('An object or a version of it was deleted for good');
    case 's3:ObjectRemoved:DeleteMarkerCreated':
      return l10n.t('An object of a versioned bucket was marked as deleted');
    case 's3:ObjectTagging:*':
      return l10n.t('The tags of an object were set or deleted');
    case 's3:ObjectTagging:Put':
      return l10n.t('The tags of an object were set');
    case 's3:ObjectTagging:Delete':
      return l10n.t('The tags of an object were deleted');
    case 's3:ObjectAcl:Put':
      return l10n.t('The access control list of an object was set');
    case 's3:ObjectRetention:Put':
      return l10n.t('The retention of an object was set');
    case 's3:ObjectAnnotation:*':
      return l10n.t('An annotation of an object was set or deleted');
    case 's3:ObjectAnnotation:Put':
      return l10n.t('An annotation of an object was set');
    case 's3:ObjectAnnotation:Delete':
      return l10n.t('An annotation of an object was deleted');
    default:
      return undefined;
  }
}

function otherText(event: NotificationEvent): string | undefined {
  switch (event) {
    case 's3:ObjectRestore:*':
      return l10n.t('The restore of an archived object began, ended or expired');
    case 's3:ObjectRestore:Post':
      return l10n.t('The restore of an archived object began');
    case 's3:ObjectRestore:Completed':
      return l10n.t('An archived object was restored');
    case 's3:ObjectRestore:Delete':
      return l10n.t('The restored copy of an archived object expired');
    case 's3:LifecycleExpiration:*':
      return l10n.t('A lifecycle rule deleted an object or marked it as deleted');
    case 's3:LifecycleExpiration:Delete':
      return l10n.t('A lifecycle rule deleted an object');
    case 's3:LifecycleExpiration:DeleteMarkerCreated':
      return l10n.t('A lifecycle rule marked an object as deleted');
    case 's3:LifecycleTransition':
      return l10n.t('A lifecycle rule moved an object to another storage class');
    case 's3:IntelligentTiering':
      return l10n.t('S3 Intelligent-Tiering moved an object to an archive tier');
    case 's3:Replication:*':
      return l10n.t('The replication of an object failed or was late');
    case 's3:Replication:OperationFailedReplication':
      return l10n.t('The replication of an object failed');
    case 's3:Replication:OperationNotTracked':
      return l10n.t('The replication of an object is no longer tracked by metrics');
    case 's3:Replication:OperationMissedThreshold':
      return l10n.t('The replication of an object takes longer than 15 minutes');
    case 's3:Replication:OperationReplicatedAfterThreshold':
      return l10n.t('An object was replicated after more than 15 minutes');
    case 's3:ReducedRedundancyLostObject':
      return l10n.t('An object of reduced redundancy was lost');
    default:
      return undefined;
  }
}
