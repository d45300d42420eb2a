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
  Archived: subject => l10n.t('{0} is archived. Restore it first.', subject),
  CustomerKey: subject =>
    l10n.t(
      '{0} is encrypted with a customer-provided key (SSE-C), which is not known here.',
      subject,
    ),
  HiddenMetadata: subject =>
    l10n.t(
      '{0} has metadata that S3 does not return, and that would be lost. Nothing was changed.',
      subject,
    ),
  AccessList: subject =>
    l10n.t(
      '{0} may have an access control list (ACL), which would be lost: you are not allowed to call s3:GetObjectAcl, nor s3:GetBucketOwnershipControls, which says whether the bucket uses ACLs. Nothing was changed. Ask for one of the two permissions, then retry.',
      subject,
    ),
  Checksum: subject =>
    l10n.t(
      '{0} has a checksum of a kind that cannot be computed here. Nothing was changed.',
      subject,
    ),
  NoConditions: subject =>
    l10n.t(
      'The service does not support conditional writes: what others write to {0} at the same time could be lost. Nothing was changed. Download the object and upload it again.',
      subject,
    ),
  Changed: subject => l10n.t('{0} has changed since it was read. Nothing was changed.', subject),
  TagsChanged: subject =>
    l10n.t('Another client is changing the tags of {0}. Wait a moment, then retry.', subject),
  Exists: subject => l10n.t('{0} exists already. Nothing was changed.', subject),
  NotKept: (subject, message) =>
    l10n.t(
      'The service did not keep everything in the copy {0}: {1}. The original is unchanged.',
      subject,
      message,
    ),
  TooBig: subject => l10n.t('{0} is too big to open. Download it instead.', subject),
  // Said with the failure that left them.
  UnfinishedUpload: undefined,
  NoTaskRan: undefined,
  NotYetWritten: undefined,
};
