import type { SessionCredentials } from '../auth/credentials.ts';
import { AwsError, notImplemented } from '../errors.ts';
import { isTrustedByName, mayAssume } from '../iam/assumeRole.ts';
import { callerContext, conditionContext, decideByIdentity } from '../iam/authorize.ts';
import { resourceTags } from '../iam/authorizedRole.ts';
import { wholeNumber } from '../iam/iamParameters.ts';
import { constraintError, validationError } from '../iam/iamErrors.ts';
import type { Role } from '../iam/roleTable.ts';
import type { Principal, RequestContext } from '../principal.ts';
import { rolePrincipal } from '../principal.ts';
import type { Call, QueryParameters } from '../request.ts';
import { element, textElement } from '../xml.ts';
import type { StsContext, StsOperation } from './stsContext.ts';

const HOUR = 3600;
/** What AWS takes for an ARN here: a partition, a service and a resource, whatever they are. */
const ARN = /^arn:[^:]+:[^:]+:[^:]*:[^:]*:.+$/;
/** Any other parameter would narrow or mark the session; ignoring it would grant too much. */
const KNOWN = /^(Action|Version|RoleArn|RoleSessionName|DurationSeconds|ExternalId|X-Amz-.*)$/i;

/** Temporary credentials of a role, for who its trust policy lets in. */
export const assumeRole: StsOperation = (context, call, parameters) => {
  const { caller } = call;
  const refused = parameters.pairs.map(([name]) => name).find(name => !KNOWN.test(name));
  if (refused !== undefined) throw notImplemented(`AssumeRole with ${refused.split('.')[0]}`);
  const roleArn = readText(parameters, 'RoleArn', 20, 2048);
  const sessionName = readText(parameters, 'RoleSessionName', 2, 64);
  if (!/^[\w+=,.@-]*$/.test(sessionName)) {
    const rule = String.raw`satisfy regular expression pattern: [\w+=,.@-]*`;
    throw constraintError('RoleSessionName', rule, sessionName);
  }
  // What a request may say at all is looked at before whose role it is.
  const asked = wholeNumber(parameters, 'DurationSeconds', {
    ...{ least: 900, most: 12 * HOUR, fallback: HOUR, repeats: true },
  });
  if (!ARN.test(roleArn)) throw validationError(`${roleArn} is invalid`);
  const role = context.iam.findByArn(roleArn);
  if (!role || !trusts(context, role, call, parameters)) {
    throw new AwsError(
      'AccessDenied',
      403,
      `User: ${caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
    );
  }
  const seconds = checkedDuration(asked, role, caller);
  const principal = rolePrincipal(role, sessionName);
  const credentials = context.credentials.createSession(principal, seconds);
  return (
    renderCredentials(credentials) +
    element(
      'AssumedRoleUser',
      textElement('AssumedRoleId', principal.userId),
      textElement('Arn', principal.arn),
    )
  );
};

function trusts(
  { iam }: StsContext,
  role: Role,
  { caller, temporary }: Pick<Call, 'caller' | 'temporary'>,
  parameters: QueryParameters,
): boolean {
  const asked: RequestContext = {
    ...callerContext(iam, caller),
    // Keys that last have nothing of MFA (IAM user guide, "aws:MultiFactorAuthPresent").
    ...(temporary ? {} : { 'aws:MultiFactorAuthPresent': undefined }),
    'sts:ExternalId': parameters.get('ExternalId'),
    'sts:RoleSessionName': parameters.get('RoleSessionName'),
  };
  if (!mayAssume(role, { caller }, asked)) return false;
  const own = decideByIdentity(iam, caller, {
    action: 'sts:AssumeRole',
    resource: role.arn,
    context: () => conditionContext({ ...asked, ...resourceTags(role.tags) }),
  });
  // A trust in the account leaves it to each caller's own policies; one in the caller does not.
  return own === 'allowed' || (own === 'implicitDeny' && isTrustedByName(role, caller, asked));
}

function readText(parameters: QueryParameters, name: string, least: number, most: number): string {
  const value = parameters.get(name);
  if (value === undefined) throw constraintError(name, 'not be null', null);
  const { length } = value;
  if (length < least) {
    throw constraintError(name, `have length greater than or equal to ${least}`, value);
  }
  if (length > most)
    throw constraintError(name, `have length less than or equal to ${most}`, value);
  return value;
}

function checkedDuration(seconds: number, role: Role, caller: Principal): number {
  if (seconds > role.maxSessionDuration) {
    throw validationError(
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    );
  }
  if (caller.kind === 'role' && seconds > HOUR) {
    throw validationError(
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
    );
  }
  return seconds;
}

export function renderCredentials(credentials: SessionCredentials): string {
  return element(
    'Credentials',
    textElement('AccessKeyId', credentials.accessKeyId),
    textElement('SecretAccessKey', credentials.secretAccessKey),
    textElement('SessionToken', credentials.sessionToken),
    textElement('Expiration', credentials.expiration.toISOString()),
  );
}
