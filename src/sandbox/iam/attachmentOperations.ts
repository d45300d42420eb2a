import { AwsError } from '../errors.ts';
import { element, textElement } from '../xml.ts';
import type { IamOperation } from './iamContext.ts';
import { authorizedPolicy, readPolicyArn, refuseUnknownAwsPolicy } from './authorizedPolicy.ts';
import { authorizedRole } from './authorizedRole.ts';
import { limitExceeded, noSuchEntity } from './iamErrors.ts';
import { page, word, readPathPrefix } from './iamParameters.ts';

/** IAM quotas: "Managed policies attached to an IAM role", as every account has it. */
const MAX_ATTACHED = 10;

export const attachRolePolicy: IamOperation = (context, { caller }, parameters) => {
  const { managed } = context.iam;
  const arn = readPolicyArn(parameters);
  const conditions = { 'iam:PolicyARN': arn };
  const role = authorizedRole(context, caller, 'iam:AttachRolePolicy', parameters, conditions);
  if (arn.startsWith('arn:aws:iam::aws:policy/aws-service-role/')) {
    const message = 'Cannot attach a Service Role Policy to a Customer Role.';
    throw new AwsError('PolicyNotAttachable', 400, message);
  }
  const policy = managed.find(arn);
  if (policy === undefined) {
    refuseUnknownAwsPolicy(arn);
    throw noSuchEntity(`Policy ${arn} does not exist or is not attachable.`);
  }
  const attached = managed.attached(role.id).filter(each => each.arn !== arn);
  if (attached.length >= MAX_ATTACHED) {
    throw limitExceeded(`Cannot exceed quota for PoliciesPerRole: ${MAX_ATTACHED}`);
  }
  managed.attach(role.id, policy);
  return '';
};

export const detachRolePolicy: IamOperation = (context, { caller }, parameters) => {
  const { managed } = context.iam;
  const arn = readPolicyArn(parameters);
  const conditions = { 'iam:PolicyARN': arn };
  const role = authorizedRole(context, caller, 'iam:DetachRolePolicy', parameters, conditions);
  const policy = managed.find(arn);
  if (policy === undefined || !managed.detach(role.id, policy)) {
    throw noSuchEntity(`Policy ${arn} was not found.`);
  }
  return '';
};

export const listAttachedRolePolicies: IamOperation = (context, { caller }, parameters) => {
  const role = authorizedRole(context, caller, 'iam:ListAttachedRolePolicies', parameters);
  const prefix = readPathPrefix(parameters);
  const attached = context.iam.managed.attached(role.id);
  const found = attached.filter(({ path }) => path.startsWith(prefix));
  const { shown, trailer } = page(found, parameters);
  const entries = shown.map(({ name, arn }) =>
    element('member', textElement('PolicyName', name), textElement('PolicyArn', arn)),
  );
  return element('AttachedPolicies', ...entries) + trailer;
};

/** Only roles have policies here: there are no groups, and the one user may do everything. */
export const listEntitiesForPolicy: IamOperation = (context, { caller }, parameters) => {
  const { iam } = context;
  const kind = word(parameters, 'EntityFilter', [
    ...(['User', 'Role', 'Group'] as const),
    ...(['LocalManagedPolicy', 'AWSManagedPolicy'] as const),
  ]);
  const usage = word(parameters, 'PolicyUsageFilter', ['PermissionsPolicy', 'PermissionsBoundary']);
  const prefix = readPathPrefix(parameters);
  const policy = authorizedPolicy(context, caller, 'iam:ListEntitiesForPolicy', parameters);
  const isAsked = usage !== 'PermissionsBoundary' && (kind === undefined || kind === 'Role');
  const roles = (isAsked ? iam.managed.rolesOf(policy) : [])
    .flatMap(id => iam.findById(id) ?? [])
    .filter(({ path }) => path.startsWith(prefix));
  const { shown, trailer } = page(roles, parameters);
  const entries = shown.map(({ name, id }) =>
    element('member', textElement('RoleName', name), textElement('RoleId', id)),
  );
  return [
    element('PolicyGroups'),
    element('PolicyUsers'),
    element('PolicyRoles', ...entries),
    trailer,
  ].join('');
};
