import { element, textElement } from '../xml.ts';
import type { IamOperation } from './iamContext.ts';
import { authorize } from './authorize.ts';
import { limitExceeded, noSuchEntity } from './iamErrors.ts';
import { namedRole, page, requiredName, requiredText } from './iamParameters.ts';
import { parsePolicy } from './policy.ts';
import { encodeDocument } from './roleOperations.ts';

/** All inline policies of a role together, in characters without white space (IAM quotas). */
const INLINE_SIZE = 10_240;

export const putRolePolicy: IamOperation = (context, { caller }, parameters) => {
  const { iam } = context;
  const role = namedRole(iam, parameters);
  const name = requiredName(parameters, 'PolicyName', 128);
  const document = requiredText(parameters, 'PolicyDocument');
  authorize(context, caller, 'iam:PutRolePolicy', role.arn);
  parsePolicy(document, 'identity');
  const others = iam.inlinePolicies(role).filter(policy => policy.name !== name);
  const size = [document, ...others.map(policy => policy.document)]
    .map(text => text.replace(/\s/g, '').length)
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
  const role = namedRole(context.iam, parameters);
  const name = requiredName(parameters, 'PolicyName', 128);
  authorize(context, caller, 'iam:GetRolePolicy', role.arn);
  const document = context.iam.inlinePolicy(role, name);
  if (document === undefined) throw noSuchEntity(`The role policy with name ${name}`);
  return (
    textElement('RoleName', role.name) +
    textElement('PolicyName', name) +
    textElement('PolicyDocument', encodeDocument(document))
  );
};

export const listRolePolicies: IamOperation = (context, { caller }, parameters) => {
  const role = namedRole(context.iam, parameters);
  authorize(context, caller, 'iam:ListRolePolicies', role.arn);
  const { shown, trailer } = page(context.iam.inlinePolicies(role), parameters);
  return (
    element('PolicyNames', ...shown.map(policy => textElement('member', policy.name))) + trailer
  );
};

export const deleteRolePolicy: IamOperation = (context, { caller }, parameters) => {
  const role = namedRole(context.iam, parameters);
  const name = requiredName(parameters, 'PolicyName', 128);
  authorize(context, caller, 'iam:DeleteRolePolicy', role.arn);
  if (!context.iam.deleteInlinePolicy(role, name)) {
    throw noSuchEntity(`The role policy with name ${name}`);
  }
  return '';
};

/** The sandbox has no managed policies, so none is ever attached. */
export const listAttachedRolePolicies: IamOperation = (context, { caller }, parameters) => {
  const role = namedRole(context.iam, parameters);
  authorize(context, caller, 'iam:ListAttachedRolePolicies', role.arn);
  return element('AttachedPolicies') + textElement('IsTruncated', false);
};
