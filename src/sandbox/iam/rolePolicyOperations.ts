import { element, textElement } from '../xml.ts';
import type { IamOperation } from './iamContext.ts';
import { authorizedRole } from './authorizedRole.ts';
import { limitExceeded, noSuchEntity } from './iamErrors.ts';
import { page, requiredName, requiredText } from './iamParameters.ts';
import { checkPermissions } from './policyRules.ts';
import { compactLength, encodeDocument } from './policyDocument.ts';

/** All inline policies of a role together, in characters without white space (IAM quotas). */
const INLINE_SIZE = 10_240;

export const putRolePolicy: IamOperation = (context, { caller }, parameters) => {
  const { iam } = context;
  const name = requiredName(parameters, 'PolicyName', 128);
  const document = requiredText(parameters, 'PolicyDocument');
  const role = authorizedRole(context, caller, 'iam:PutRolePolicy', parameters);
  checkPermissions(document, false);
  const others = iam.inlinePolicies(role).filter(policy => policy.name !== name);
  const size = [document, ...others.map(policy => policy.document)]
    .map(compactLength)
    .reduce((sum, length) => sum + length, 0);
  if (size > INLINE_SIZE) {
    throw limitExceeded(
      `Maximum policy size of ${INLINE_SIZE} bytes exceeded for role ${role.name}`,
    );
  }
  iam.putInlinePolicy(role, name, document);
  return '';
};

export const getRolePolicy: IamOperation = (context, { caller }, parameters) => {
  const name = requiredName(parameters, 'PolicyName', 128);
  const role = authorizedRole(context, caller, 'iam:GetRolePolicy', parameters);
  const document = context.iam.inlinePolicy(role, name);
  if (document === undefined)
    throw noSuchEntity(`The role policy with name ${name} cannot be found.`);
  return (
    textElement('RoleName', role.name) +
    textElement('PolicyName', name) +
    textElement('PolicyDocument', encodeDocument(document))
  );
};

export const listRolePolicies: IamOperation = (context, { caller }, parameters) => {
  const role = authorizedRole(context, caller, 'iam:ListRolePolicies', parameters);
  const { shown, trailer } = page(context.iam.inlinePolicies(role), parameters);
  return (
    element('PolicyNames', ...shown.map(policy => textElement('member', policy.name))) + trailer
  );
};

/** Instance profiles are of EC2: no role has one here. */
export const listInstanceProfilesForRole: IamOperation = (context, { caller }, parameters) => {
  authorizedRole(context, caller, 'iam:ListInstanceProfilesForRole', parameters);
  const { trailer } = page([], parameters);
  return element('InstanceProfiles') + trailer;
};

export const deleteRolePolicy: IamOperation = (context, { caller }, parameters) => {
  const name = requiredName(parameters, 'PolicyName', 128);
  const role = authorizedRole(context, caller, 'iam:DeleteRolePolicy', parameters);
  if (!context.iam.deleteInlinePolicy(role, name)) {
    throw noSuchEntity(`The role policy with name ${name} cannot be found.`);
  }
  return '';
};
