import { notImplemented } from '../errors.ts';
import type { QueryParameters } from '../request.ts';
import { element } from '../xml.ts';
import type { IamOperation } from './iamContext.ts';
import { authorizedPolicy, ownPolicy } from './authorizedPolicy.ts';
import { constraintError, deleteConflict, limitExceeded, noSuchEntity } from './iamErrors.ts';
import { flag, page, requiredText } from './iamParameters.ts';
import type { ManagedPolicy, PolicyVersion } from './managedPolicy.ts';
import { readManagedDocument } from './policyOperations.ts';
import type { PolicyTable } from './policyTable.ts';
import { versionXml } from './policyXml.ts';

/** IAM quotas: "Versions per managed policy". */
const MAX_VERSIONS = 5;

export const createPolicyVersion: IamOperation = (context, { caller }, parameters) => {
  const { managed } = context.iam;
  const policy = ownPolicy(context, caller, 'iam:CreatePolicyVersion', parameters);
  const document = readManagedDocument(parameters);
  const isDefault = flag(parameters, 'SetAsDefault');
  if (managed.versions(policy).length >= MAX_VERSIONS) {
    throw limitExceeded(
      `A managed policy can have up to ${MAX_VERSIONS} versions. Before you create a new version, you must delete an existing version.`,
    );
  }
  const created = context.clock.now();
  const version = { number: policy.lastVersion + 1, document, created };
  const changed = {
    ...policy,
    defaultVersion: isDefault ? version.number : policy.defaultVersion,
    lastVersion: version.number,
    updated: created,
  };
  managed.save(changed, version);
  return element('PolicyVersion', versionXml(changed, version));
};

export const getPolicyVersion: IamOperation = (context, { caller }, parameters) => {
  const number = readVersionId(parameters);
  const policy = authorizedPolicy(context, caller, 'iam:GetPolicyVersion', parameters);
  const version = findVersion(context.iam.managed, policy, number);
  return element('PolicyVersion', versionXml(policy, version, true));
};

export const listPolicyVersions: IamOperation = (context, { caller }, parameters) => {
  const policy = authorizedPolicy(context, caller, 'iam:ListPolicyVersions', parameters);
  const { shown, trailer } = page(context.iam.managed.versions(policy), parameters);
  const entries = shown.map(version => element('member', versionXml(policy, version)));
  return element('Versions', ...entries) + trailer;
};

export const deletePolicyVersion: IamOperation = (context, { caller }, parameters) => {
  const { managed } = context.iam;
  const number = readVersionId(parameters);
  const policy = ownPolicy(context, caller, 'iam:DeletePolicyVersion', parameters);
  const version = findVersion(managed, policy, number);
  if (version.number === policy.defaultVersion) {
    throw deleteConflict('Cannot delete the default version of a policy.');
  }
  managed.deleteVersion(policy, version.number);
  return '';
};

export const setDefaultPolicyVersion: IamOperation = (context, { caller }, parameters) => {
  const { managed } = context.iam;
  const number = readVersionId(parameters);
  const policy = ownPolicy(context, caller, 'iam:SetDefaultPolicyVersion', parameters);
  managed.save({ ...policy, defaultVersion: findVersion(managed, policy, number).number });
  return '';
};

function readVersionId(parameters: QueryParameters): number {
  const id = requiredText(parameters, 'VersionId');
  if (/^v[1-9]\d*(\.[A-Za-z0-9-]*)?$/.test(id)) return Number(id.slice(1));
  throw constraintError(
    'VersionId',
    String.raw`satisfy regular expression pattern: v[1-9][0-9]*(\.[A-Za-z0-9-]*)?`,
  );
}

/** @throws AwsError NoSuchEntity; NotImplemented for an older version of a policy of AWS */
function findVersion(table: PolicyTable, policy: ManagedPolicy, number: number): PolicyVersion {
  const version = table.versions(policy).find(each => each.number === number);
  if (version !== undefined) return version;
  if (policy.ofAws && number < policy.defaultVersion) {
    throw notImplemented(`version v${number} of the AWS managed policy ${policy.arn}`);
  }
  throw noSuchEntity(
    `Policy ${policy.arn} version v${number} does not exist or is not attachable.`,
  );
}
