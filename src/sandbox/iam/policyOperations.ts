import { AwsError } from '../errors.ts';
import type { QueryParameters } from '../request.ts';
import { element } from '../xml.ts';
import type { IamOperation } from './iamContext.ts';
import { authorize } from './authorize.ts';
import { authorizedPolicy, ownPolicy } from './authorizedPolicy.ts';
import { requestTags } from './authorizedRole.ts';
import { deleteConflict, limitExceeded } from './iamErrors.ts';
import {
  flag,
  page,
  readDescription,
  readPath,
  requiredName,
  requiredText,
  tagList,
  tagMembers,
  word,
  readPathPrefix,
} from './iamParameters.ts';
import { checkTags } from './iamTags.ts';
import type { ManagedPolicy } from './managedPolicy.ts';
import { newId } from './newId.ts';
import { checkPermissions } from './policyRules.ts';
import { compactLength } from './policyDocument.ts';
import { policyDetailsXml, policyXml } from './policyXml.ts';

/** Characters without white space (IAM quotas: "Managed policy length"). */
const POLICY_SIZE = 6144;

export const createPolicy: IamOperation = (context, { caller }, parameters) => {
  const { managed } = context.iam;
  const name = requiredName(parameters, 'PolicyName', 128);
  const path = readPath(parameters);
  const description = readDescription(parameters);
  const tags = checkTags(tagMembers(parameters));
  const arn = `arn:aws:iam::${context.accountId}:policy${path}${name}`;
  authorize(context, caller, 'iam:CreatePolicy', arn, requestTags(tags));
  if (tags.length > 0) authorize(context, caller, 'iam:TagPolicy', arn, requestTags(tags));
  const document = readManagedDocument(parameters);
  if (managed.isTaken(name)) {
    const message = `A policy called ${name} already exists. Duplicate names are not allowed.`;
    throw new AwsError('EntityAlreadyExists', 409, message);
  }
  const created = context.clock.now();
  const policy: ManagedPolicy = {
    ...{ arn, id: newId('ANPA'), name, path, description, tags, ofAws: false },
    ...{ defaultVersion: 1, lastVersion: 1, created, updated: created },
  };
  managed.save(policy, { number: 1, document, created });
  return element('Policy', policyXml(policy, 0), tags.length === 0 ? '' : tagList(tags));
};

/** @throws AwsError MalformedPolicyDocument, LimitExceeded */
export function readManagedDocument(parameters: QueryParameters): string {
  const document = requiredText(parameters, 'PolicyDocument');
  checkPermissions(document, true);
  if (compactLength(document) > POLICY_SIZE) {
    throw limitExceeded(`Cannot exceed quota for PolicySize: ${POLICY_SIZE}`);
  }
  return document;
}

export const getPolicy: IamOperation = (context, { caller }, parameters) => {
  const policy = authorizedPolicy(context, caller, 'iam:GetPolicy', parameters);
  const attachments = context.iam.managed.rolesOf(policy).length;
  return element('Policy', policyXml(policy, attachments), policyDetailsXml(policy));
};

export const listPolicies: IamOperation = (context, { caller }, parameters) => {
  const { managed } = context.iam;
  const scope = word(parameters, 'Scope', ['All', 'AWS', 'Local']) ?? 'All';
  const prefix = readPathPrefix(parameters);
  const onlyAttached = flag(parameters, 'OnlyAttached');
  const usage = word(parameters, 'PolicyUsageFilter', ['PermissionsPolicy', 'PermissionsBoundary']);
  authorize(context, caller, 'iam:ListPolicies', `arn:aws:iam::${context.accountId}:policy/`);
  const found = managed
    .list()
    // There are no permissions boundaries, so no policy is used for one.
    .filter(() => usage !== 'PermissionsBoundary')
    .filter(({ ofAws }) => scope === 'All' || ofAws === (scope === 'AWS'))
    .filter(({ path }) => path.startsWith(prefix))
    .map(policy => ({ policy, attachments: managed.rolesOf(policy).length }))
    .filter(({ attachments }) => !onlyAttached || attachments > 0);
  const { shown, trailer } = page(found, parameters);
  const entries = shown.map(each => element('member', policyXml(each.policy, each.attachments)));
  return element('Policies', ...entries) + trailer;
};

export const deletePolicy: IamOperation = (context, { caller }, parameters) => {
  const { managed } = context.iam;
  const policy = ownPolicy(context, caller, 'iam:DeletePolicy', parameters);
  if (managed.rolesOf(policy).length > 0) {
    throw deleteConflict('Cannot delete a policy attached to entities.');
  }
  if (managed.versions(policy).length > 1) {
    throw deleteConflict(
      "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
    );
  }
  managed.delete(policy);
  return '';
};
