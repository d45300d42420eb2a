import type { Principal } from '../principal.ts';
import type { QueryParameters } from '../request.ts';
import { authorize } from './authorize.ts';
import type { RequestContext } from './authorize.ts';
import type { IamContext } from './iamContext.ts';
import { noSuchEntity } from './iamErrors.ts';
import { requiredName } from './iamParameters.ts';
import type { IamTag } from './iamTags.ts';
import type { Role } from './roleTable.ts';

/**
 * The role that RoleName names. Whether there is one is told only to who may do the action.
 * @throws AwsError ValidationError, AccessDenied, NoSuchEntity
 */
export function authorizedRole(
  context: Pick<IamContext, 'iam' | 'accountId'>,
  caller: Principal,
  action: string,
  parameters: QueryParameters,
  conditions: RequestContext = {},
): Role {
  const name = requiredName(parameters, 'RoleName', 64);
  const role = context.iam.find(name);
  const arn = role?.arn ?? `arn:aws:iam::${context.accountId}:role/${name}`;
  authorize(context, caller, action, arn, { ...resourceTags(role?.tags ?? []), ...conditions });
  if (role === undefined) throw noSuchEntity(`The role with name ${name} cannot be found.`);
  return role;
}

/** Conditions may ask for the tags of a role or policy under two names (IAM user guide, "Controlling access"). */
export function resourceTags(tags: readonly IamTag[]): RequestContext {
  return Object.fromEntries(
    tags.flatMap(({ key, value }) => [
      [`aws:ResourceTag/${key}`, value],
      [`iam:ResourceTag/${key}`, value],
    ]),
  );
}

/** What conditions may ask of the tags that a request brings. */
export function requestTags(tags: readonly IamTag[]): RequestContext {
  if (tags.length === 0) return {};
  return {
    ...Object.fromEntries(tags.map(({ key, value }) => [`aws:RequestTag/${key}`, value])),
    'aws:TagKeys': tags.map(({ key }) => key),
  };
}
