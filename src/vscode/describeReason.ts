import { l10n } from 'vscode';
import type { BrigadeError } from '../aws/errors.ts';

/** What an error's `reason` means, as a sentence; undefined where the code says enough. */
export function describeReason({
  reason,
  subject = '',
  message,
}: BrigadeError): string | undefined {
  return reason && REASON_TEXTS[reason]?.(subject, message);
}

type Reason = NonNullable<BrigadeError['reason']>;
type Text = (subject: string, message: string) => string;

const REASON_TEXTS: Readonly<Record<Reason, Text | undefined>> = {
  SlowPattern: subject =>
    l10n.t(
      '{0} takes too long to match: more than 2 seconds for 1,000 keys. Avoid nested repetitions, such as (a*)*.',
      subject,
    ),
  ConnectingCancelled: subject => l10n.t('Connecting to {0} was cancelled.', subject),
  Archived: subject => l10n.t('{0} is archived. Restore it first.', subject),
  ObjectLock: subject =>
    l10n.t(
      '{0} is protected by Object Lock: its retention period hasn’t ended, or it has a legal hold.',
      subject,
    ),
  MfaDelete: subject =>
    l10n.t(
      '{0}: the bucket has MFA delete turned on, so that versions can be deleted only by its root user with an MFA code, in the AWS CLI.',
      subject,
    ),
  OwnBucket: subject => l10n.t('You already own {0}. Nothing was created.', subject),
  TakenName: subject =>
    l10n.t(
      '{0} belongs to another account: bucket names are globally unique. Choose another name.',
      subject,
    ),
  VersionsGone: subject =>
    l10n.t('{0} can’t be restored: its versions have been deleted since.', subject),
  DeletedAgain: subject =>
    l10n.t('{0} is still hidden: someone else has deleted it as well.', subject),
  WrittenSince: subject =>
    l10n.t('{0} wasn’t changed: it has been written again since it was deleted.', subject),
  CustomerKey: subject =>
    l10n.t(
      '{0} is encrypted with a customer-provided key (SSE-C), which Bucket Brigade doesn’t have.',
      subject,
    ),
  HiddenMetadata: subject =>
    l10n.t(
      '{0} has metadata that S3 doesn’t return, and that would be lost. Nothing was changed.',
      subject,
    ),
  AccessList: subject =>
    l10n.t(
      '{0} may have an access control list (ACL) that would be lost. Nothing was changed. Missing permission: s3:GetObjectAcl, or s3:GetBucketOwnershipControls to see whether the bucket uses ACLs.',
      subject,
    ),
  Checksum: subject =>
    l10n.t('{0} has a checksum of a type that isn’t supported here. Nothing was changed.', subject),
  NoConditions: subject =>
    l10n.t(
      'The service doesn’t support conditional writes: what others write to {0} at the same time could be lost. Nothing was changed. Download the object and upload it again.',
      subject,
    ),
  Changed: subject => l10n.t('{0} has changed since it was read. Nothing was changed.', subject),
  TagsChanged: subject =>
    l10n.t('Another client is changing the tags of {0}. Wait a moment, then retry.', subject),
  NothingToUndo: subject =>
    l10n.t('{0} lists no changed tags, so there is nothing to undo.', subject),
  Exists: subject => l10n.t('{0} already exists. Nothing was changed.', subject),
  NotKept: (subject, message) =>
    l10n.t(
      'The service didn’t keep everything in the copy {0}: {1}. The original is unchanged.',
      subject,
      message,
    ),
  NotTaken: (subject, message) =>
    l10n.t('The service didn’t apply all changes to {0}. Not applied: {1}.', subject, message),
  Binary: subject =>
    l10n.t('{0} isn’t UTF-8 text, so no part of it can be shown. Download it instead.', subject),
  BeyondEnd: subject => l10n.t('{0} ends before that part.', subject),
  NoRanges: subject =>
    l10n.t('The service returns {0} only as a whole. Download it instead.', subject),
  NoRowLeft: () => l10n.t('The manifest would be empty. Nothing was written.'),
  TooBig: subject => l10n.t('{0} is too big to open. Download it instead.', subject),
  OtherWindow: () => l10n.t('Another window is working on this. Nothing was done here.'),
  NoObjects: subject => l10n.t('No object of {0} matches.', subject),
  // Said with the failure that left them.
  UnfinishedUpload: undefined,
  NoTaskRan: undefined,
  NotYetWritten: undefined,
};
