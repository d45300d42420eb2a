import { l10n } from 'vscode';
import type {
  S3CannedAccessControlList,
  S3SetObjectAclOperation,
} from '@aws-sdk/client-s3-control';
import { pick, type PromptPosition } from '../../vscode/prompts.ts';

const LISTS: readonly (readonly [S3CannedAccessControlList, () => string])[] = [
  ['bucket-owner-full-control', () => l10n.t('the owners of object and bucket')],
  ['private', () => l10n.t('the owner of the object alone')],
  ['bucket-owner-read', () => l10n.t('the owner, and the bucket’s owner to read')],
  ['authenticated-read', () => l10n.t('anyone with an AWS account can read')],
  ['aws-exec-read', () => l10n.t('the owner, and Amazon EC2 to read')],
  ['public-read', () => l10n.t('anyone can read')],
  ['public-read-write', () => l10n.t('anyone can read')],
];

/** Asks for a canned ACL; grants of one's own are for JSON. @throws BrigadeError `Cancelled`, BackPressed */
export async function askAcl(
  position: PromptPosition,
  before: S3SetObjectAclOperation | undefined,
): Promise<S3SetObjectAclOperation> {
  const { label: CannedAccessControlList } = await pick({
    ...position,
    placeholder: l10n.t('Canned ACL. Tasks fail if the bucket has ACLs disabled.'),
    items: LISTS.map(([label, description]) => ({ label, description: description() })),
    active: item => item.label === before?.AccessControlPolicy?.CannedAccessControlList,
  });
  return { AccessControlPolicy: { CannedAccessControlList } };
}
