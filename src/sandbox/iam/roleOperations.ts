import { randomInt } from 'node:crypto';
import { AwsError } from '../errors.ts';
import type { QueryParameters } from '../request.ts';
import { element, textElement } from '../xml.ts';
import type { IamOperation } from './iamContext.ts';
import { authorize } from './authorize.ts';
import { limitExceeded, validationError } from './iamErrors.ts';
import {
  namedRole,
  page,
  requiredName,
  requiredText,
  tagList,
  tagMembers,
  wholeNumber,
} from './iamParameters.ts';
import { parsePolicy } from './policy.ts';
import type { Role } from './roleTable.ts';
import { checkRoleTags } from './roleTagOperations.ts';

/** Characters without white space (IAM quotas: "Role trust policy length"). */
const TRUST_POLICY_SIZE = 2048;
const ID_LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

export const createRole: IamOperation = (context, { caller }, parameters) => {
  const { iam, accountId } = context;
  const name = requiredName(parameters, 'RoleName', 64);
  const path = readPath(parameters);
  const arn = `arn:aws:iam::${accountId}:role${path}${name}`;
  authorize(context, caller, 'iam:CreateRole', arn);
  if (parameters.has('PermissionsBoundary')) {
    throw new AwsError('NotImplemented', 501, 'The sandbox has no permissions boundaries.');
  }
  if (iam.find(name) !== undefined) {
    throw new AwsError('EntityAlreadyExists', 409, `Role with name ${name} already exists.`);
  }
  const role: Role = {
    id: newRoleId(),
    name,
    path,
    arn,
    description: readDescription(parameters),
    trustPolicy: readTrustPolicy(parameters, 'AssumeRolePolicyDocument'),
    maxSessionDuration: wholeNumber(parameters, 'MaxSessionDuration', {
      least: 3600,
      most: 43_200,
      fallback: 3600,
    }),
    tags: checkRoleTags(tagMembers(parameters)),
    created: context.clock.now(),
  };
  iam.save(role);
  return element('Role', roleXml(role), role.tags.length === 0 ? '' : tagList(role.tags));
};

export const getRole: IamOperation = (context, { caller }, parameters) => {
  const role = namedRole(context.iam, parameters);
  authorize(context, caller, 'iam:GetRole', role.arn);
  const lastUsed = element('RoleLastUsed');
  return element('Role', roleXml(role), role.tags.length === 0 ? '' : tagList(role.tags), lastUsed);
};

export const listRoles: IamOperation = (context, { caller }, parameters) => {
  const pathPrefix = parameters.get('PathPrefix') ?? '/';
  authorize(context, caller, 'iam:ListRoles', `arn:aws:iam::${context.accountId}:role/`);
  const { shown, trailer } = page(context.iam.list('', pathPrefix, -1), parameters);
  const roles = shown.map(role => element('member', roleXml(role)));
  return element('Roles', ...roles) + trailer;
};

export const deleteRole: IamOperation = (context, { caller }, parameters) => {
  const role = namedRole(context.iam, parameters);
  authorize(context, caller, 'iam:DeleteRole', role.arn);
  if (context.iam.inlinePolicies(role).length > 0) {
    throw new AwsError('DeleteConflict', 409, 'Cannot delete entity, must delete policies first.');
  }
  context.iam.delete(role);
  return '';
};

export const updateAssumeRolePolicy: IamOperation = (context, { caller }, parameters) => {
  const role = namedRole(context.iam, parameters);
  authorize(context, caller, 'iam:UpdateAssumeRolePolicy', role.arn);
  context.iam.save({ ...role, trustPolicy: readTrustPolicy(parameters, 'PolicyDocument') });
  return '';
};

function readPath(parameters: QueryParameters): string {
  const path = parameters.get('Path') ?? '/';
  if (path.length <= 512 && /^\/([\x21-\x7f]+\/)?$/.test(path)) return path;
  throw validationError(
    'The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.',
  );
}

function readDescription(parameters: QueryParameters): string | undefined {
  const description = parameters.get('Description');
  if ((description ?? '').length > 1000) {
    throw validationError('The description must have no more than 1000 characters.');
  }
  return description;
}

function readTrustPolicy(parameters: QueryParameters, name: string): string {
  const document = requiredText(parameters, name);
  parsePolicy(document, 'trust');
  if (document.replace(/\s/g, '').length > TRUST_POLICY_SIZE) {
    throw limitExceeded(`Cannot exceed quota for ACLSizePerRole: ${TRUST_POLICY_SIZE}`);
  }
  return document;
}

/** `AROA…`, as AWS makes them. */
export function newRoleId(): string {
  const letters = Array.from({ length: 17 }, () => ID_LETTERS[randomInt(ID_LETTERS.length)]);
  return `AROA${letters.join('')}`;
}

/** Policy documents are percent-encoded in answers (RFC 3986), as on AWS. */
export function encodeDocument(document: string): string {
  return encodeURIComponent(document).replace(
    /[!'()*]/g,
    character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** The Role type without what only GetRole answers. */
function roleXml(role: Role): string {
  return [
    textElement('Path', role.path),
    textElement('RoleName', role.name),
    textElement('RoleId', role.id),
    textElement('Arn', role.arn),
    textElement('CreateDate', role.created.toISOString().replace(/\.\d+Z$/, 'Z')),
    textElement('AssumeRolePolicyDocument', encodeDocument(role.trustPolicy)),
    textElement('Description', role.description),
    textElement('MaxSessionDuration', role.maxSessionDuration),
  ].join('');
}
