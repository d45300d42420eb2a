import { AwsError } from '../errors.ts';
import type { QueryParameters } from '../request.ts';
import { element, textElement } from '../xml.ts';
import type { IamContext, IamOperation } from './iamContext.ts';
import { authorize } from './authorize.ts';
import { authorizedRole, requestTags } from './authorizedRole.ts';
import { deleteConflict, limitExceeded } from './iamErrors.ts';
import {
  isoSeconds,
  page,
  readDescription,
  readPath,
  readPathPrefix,
  requiredName,
  requiredText,
  tagList,
  tagMembers,
  wholeNumber,
} from './iamParameters.ts';
import { newId } from './newId.ts';
import { principalCheck } from './principalCheck.ts';
import { checkTrustPolicy } from './policyRules.ts';
import { compactLength, encodeDocument } from './policyDocument.ts';
import type { Role } from './roleTable.ts';
import { checkTags } from './iamTags.ts';

/** Characters without white space (IAM quotas: "Role trust policy length"). */
const TRUST_POLICY_SIZE = 2048;
/** Seconds. */
const SESSION_DURATION = { least: 3600, most: 43_200, fallback: 3600 };

export const createRole: IamOperation = (context, { caller }, parameters) => {
  const { iam, accountId } = context;
  const name = requiredName(parameters, 'RoleName', 64);
  const path = readPath(parameters);
  const arn = `arn:aws:iam::${accountId}:role${path}${name}`;
  const tags = checkTags(tagMembers(parameters));
  authorize(context, caller, 'iam:CreateRole', arn, requestTags(tags));
  // Whoever tags what they create needs the permission for both, as AWS says of TagRole.
  if (tags.length > 0) authorize(context, caller, 'iam:TagRole', arn, requestTags(tags));
  if (parameters.has('PermissionsBoundary')) {
    throw new AwsError('NotImplemented', 501, 'The sandbox has no permissions boundaries.');
  }
  if (iam.find(name) !== undefined) {
    throw new AwsError('EntityAlreadyExists', 409, `Role with name ${name} already exists.`);
  }
  const role: Role = {
    id: newId('AROA'),
    name,
    path,
    arn,
    description: readDescription(parameters),
    trustPolicy: readTrustPolicy(context, parameters, 'AssumeRolePolicyDocument'),
    maxSessionDuration: wholeNumber(parameters, 'MaxSessionDuration', SESSION_DURATION),
    tags,
    created: context.clock.now(),
  };
  iam.save(role);
  return element('Role', newRoleXml(role), role.tags.length === 0 ? '' : tagList(role.tags));
};

export const getRole: IamOperation = (context, { caller }, parameters) => {
  const role = authorizedRole(context, caller, 'iam:GetRole', parameters);
  const lastUsed = element('RoleLastUsed');
  return element('Role', roleXml(role), role.tags.length === 0 ? '' : tagList(role.tags), lastUsed);
};

export const listRoles: IamOperation = (context, { caller }, parameters) => {
  const pathPrefix = readPathPrefix(parameters);
  authorize(context, caller, 'iam:ListRoles', `arn:aws:iam::${context.accountId}:role/`);
  const { shown, trailer } = page(context.iam.list('', pathPrefix, -1), parameters);
  const roles = shown.map(role => element('member', roleXml(role)));
  return element('Roles', ...roles) + trailer;
};

export const deleteRole: IamOperation = (context, { caller }, parameters) => {
  const role = authorizedRole(context, caller, 'iam:DeleteRole', parameters);
  if (context.iam.managed.attached(role.id).length > 0) {
    throw deleteConflict('Cannot delete entity, must detach all policies first.');
  }
  if (context.iam.inlinePolicies(role).length > 0) {
    throw deleteConflict('Cannot delete entity, must delete policies first.');
  }
  context.iam.delete(role);
  return '';
};

export const updateAssumeRolePolicy: IamOperation = (context, { caller }, parameters) => {
  const role = authorizedRole(context, caller, 'iam:UpdateAssumeRolePolicy', parameters);
  context.iam.save({
    ...role,
    trustPolicy: readTrustPolicy(context, parameters, 'PolicyDocument'),
  });
  return '';
};

function readTrustPolicy(context: IamContext, parameters: QueryParameters, name: string): string {
  const document = requiredText(parameters, name);
  checkTrustPolicy(document, principalCheck(context));
  if (compactLength(document) > TRUST_POLICY_SIZE) {
    throw limitExceeded(`Cannot exceed quota for ACLSizePerRole: ${TRUST_POLICY_SIZE}`);
  }
  return document;
}

/** The Role type without what only GetRole answers. */
function roleXml(role: Role): string {
  return newRoleXml(role) + textElement('MaxSessionDuration', role.maxSessionDuration);
}

/** What CreateRole answers: not how long a session may be, also when it was given. */
function newRoleXml(role: Role): string {
  return [
    textElement('Path', role.path),
    textElement('RoleName', role.name),
    textElement('RoleId', role.id),
    textElement('Arn', role.arn),
    textElement('CreateDate', isoSeconds(role.created)),
    textElement('AssumeRolePolicyDocument', encodeDocument(role.trustPolicy)),
    textElement('Description', role.description),
  ].join('');
}
