import { AwsError, notImplemented } from '../errors.ts';
import type { Principal } from '../principal.ts';
import type { QueryParameters } from '../request.ts';
import { authorize } from './authorize.ts';
import type { RequestContext } from './authorize.ts';
import { resourceTags } from './authorizedRole.ts';
import { isAwsPolicyArn } from './awsManagedPolicies.ts';
import { noSuchEntity, validationError } from './iamErrors.ts';
import { checkLength, requiredText } from './iamParameters.ts';
import type { IamContext } from './iamContext.ts';
import type { ManagedPolicy } from './managedPolicy.ts';

/**
 * The policy that PolicyArn names. Whether there is one is told only to who may do the action.
 * @throws AwsError ValidationError, AccessDenied, NoSuchEntity; NotImplemented for a policy of AWS that
 * is not here, but may be on AWS
 */
export function authorizedPolicy(
  { iam }: Pick<IamContext, 'iam'>,
  caller: Principal,
  action: string,
  parameters: QueryParameters,
  conditions: RequestContext = {},
): ManagedPolicy {
  const arn = readPolicyArn(parameters);
  const policy = iam.managed.find(arn);
  authorize({ iam }, caller, action, arn, { ...resourceTags(policy?.tags ?? []), ...conditions });
  if (policy !== undefined) return policy;
  refuseUnknownAwsPolicy(arn);
  throw noSuchEntity(`Policy ${arn} was not found.`);
}

/** Like authorizedPolicy, of a policy that the account may change. @throws AwsError AccessDenied also for AWS's */
export function ownPolicy(
  context: Pick<IamContext, 'iam'>,
  caller: Principal,
  action: string,
  parameters: QueryParameters,
  conditions: RequestContext = {},
): ManagedPolicy {
  const policy = authorizedPolicy(context, caller, action, parameters, conditions);
  if (policy.ofAws) throw new AwsError('AccessDenied', 403, 'Policy is outside your own account.');
  return policy;
}

/** @throws AwsError ValidationError unless PolicyArn is the ARN of a policy */
export function readPolicyArn(parameters: QueryParameters): string {
  const arn = requiredText(parameters, 'PolicyArn');
  checkLength('PolicyArn', arn, 20, 2048);
  // The two spaces are AWS's.
  if (!/^arn:[^:]+:[^:]+:[^:]*:[^:]*:.+/.test(arn)) {
    throw validationError('Invalid ARN:  Could not be parsed!');
  }
  if (!/^arn:aws[a-z-]*:iam::(\d{12}|aws):policy\/./.test(arn)) {
    throw validationError(`ARN ${arn} is not valid.`);
  }
  return arn;
}

/** @throws AwsError NotImplemented, as it is not known whether AWS has such a policy */
export function refuseUnknownAwsPolicy(arn: string): void {
  if (isAwsPolicyArn(arn)) throw notImplemented(`the AWS managed policy ${arn}`);
}
