import { textElement } from '../xml.ts';
import { isoSeconds, tagList } from './iamParameters.ts';
import type { ManagedPolicy, PolicyVersion } from './managedPolicy.ts';
import { encodeDocument } from './policyDocument.ts';

/** The Policy type as CreatePolicy and ListPolicies answer it. */
export function policyXml(policy: ManagedPolicy, attachments: number): string {
  return [
    textElement('PolicyName', policy.name),
    textElement('PolicyId', policy.id),
    textElement('Arn', policy.arn),
    textElement('Path', policy.path),
    textElement('DefaultVersionId', `v${policy.defaultVersion}`),
    textElement('AttachmentCount', attachments),
    textElement('PermissionsBoundaryUsageCount', 0),
    textElement('IsAttachable', true),
    textElement('CreateDate', isoSeconds(policy.created)),
    textElement('UpdateDate', isoSeconds(policy.updated)),
  ].join('');
}

/** What only GetPolicy answers of a policy: tags are there also when there are none. */
export function policyDetailsXml(policy: ManagedPolicy): string {
  return textElement('Description', policy.description) + tagList(policy.tags);
}

/** The PolicyVersion type; its document is told by GetPolicyVersion alone. */
export function versionXml(
  policy: ManagedPolicy,
  { number, document, created }: PolicyVersion,
  withDocument = false,
): string {
  return [
    withDocument ? textElement('Document', encodeDocument(document)) : '',
    textElement('VersionId', `v${number}`),
    textElement('IsDefaultVersion', number === policy.defaultVersion),
    textElement('CreateDate', isoSeconds(created)),
  ].join('');
}
