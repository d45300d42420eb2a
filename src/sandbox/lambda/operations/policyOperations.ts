import { randomUUID } from 'node:crypto';
import { AwsError } from '../../errors.ts';
import type { PrincipalCheck } from '../../iam/principalCheck.ts';
import { principalCheck } from '../../iam/principalCheck.ts';
import type { Input } from '../../input.ts';
import type { LambdaContext } from '../lambdaContext.ts';
import { Constraints } from './constraints.ts';
import { functionNotFound, NAMESPACED_NAME, readFunctionName } from '../functionName.ts';
import { calledFunction, invalidParameter, jsonAnswer, readInput } from './lambdaCall.ts';
import type { LambdaCall, LambdaOperation } from './lambdaCall.ts';
import { checkRevision, currentRevision } from '../lambdaFunction.ts';
import type { LambdaFunction, PolicyStatement } from '../lambdaFunction.ts';

const STATEMENT_ID = /^([a-zA-Z0-9-_]+)$/;
const CONDITIONS = ['SourceArn', 'SourceAccount', 'PrincipalOrgID'];
const MAX_POLICY = 20 * 1024;

/** Adds a statement to the function's resource policy. */
export const addPermission: LambdaOperation = async (context, call) => {
  const input = await readInput(call);
  input.only('StatementId', 'Action', 'Principal', ...CONDITIONS, 'RevisionId');
  refuseLatest(call);
  const principal = { 'lambda:Principal': input.text('Principal') };
  const found = calledFunction(context, call, noSuchTarget, principal);
  const statement = readStatement(input, found, principalCheck(context));
  checkRevision(found, input.text('RevisionId'), context.clock.now(), 'GetPolicy');
  if (found.policy.some(({ Sid }) => Sid === statement.Sid)) {
    throw new AwsError(
      'ResourceConflictException',
      409,
      `The statement id (${statement.Sid}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
    );
  }
  savePolicy(context, found, [...found.policy, statement]);
  return jsonAnswer(201, { Statement: JSON.stringify(statement) });
};

export const getPolicy: LambdaOperation = (context, call) => {
  const found = calledFunction(context, call, noPolicy);
  if (found.policy.length === 0) throw noPolicy();
  return jsonAnswer(200, {
    Policy: policyText(found.policy),
    RevisionId: currentRevision(found, context.clock.now()),
  });
};

export const removePermission: LambdaOperation = (context, call) => {
  refuseLatest(call);
  const found = calledFunction(context, call, (arn, qualifier) =>
    qualifier === undefined
      ? new AwsError('ResourceNotFoundException', 404, `No policy found for: ${arn}`)
      : noSuchTarget(arn, qualifier),
  );
  const seen = call.request.query.get('RevisionId');
  checkRevision(found, seen, context.clock.now(), 'GetPolicy');
  const kept = found.policy.filter(({ Sid }) => Sid !== call.detail);
  if (found.policy.length === 0) {
    throw new AwsError(
      'ResourceNotFoundException',
      404,
      'No policy is associated with the given resource.',
    );
  }
  if (kept.length === found.policy.length) {
    throw new AwsError(
      'ResourceNotFoundException',
      404,
      `Statement ${call.detail} is not found in resource policy.`,
    );
  }
  savePolicy(context, found, kept);
  return jsonAnswer(204);
};

function readStatement(
  input: Input,
  { arn }: LambdaFunction,
  exists: PrincipalCheck,
): PolicyStatement {
  const constraints = new Constraints(input);
  const sid = constraints.requiredText('StatementId', {
    least: 1,
    most: 100,
    pattern: STATEMENT_ID,
  });
  const action = constraints.requiredText('Action', {
    pattern: /^(lambda:[*]|lambda:[a-zA-Z]+|[*])$/,
  });
  const principal = constraints.requiredText('Principal', { pattern: /^[^\s]+$/ });
  const sourceArn = constraints.text('SourceArn', {
    pattern:
      /^arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9-])+:([a-z]{2}(-gov)?-[a-z]+-\d{1})?:(\d{12})?:(.*)$/,
  });
  const sourceAccount = constraints.text('SourceAccount', { most: 12, pattern: /^\d{12}$/ });
  const organization = constraints.text('PrincipalOrgID', {
    least: 12,
    most: 34,
    pattern: /^o-[a-z0-9]{10,32}$/,
  });
  constraints.check();
  const stringEquals = {
    ...(sourceAccount === undefined ? {} : { 'AWS:SourceAccount': sourceAccount }),
    ...(organization === undefined ? {} : { 'aws:PrincipalOrgID': organization }),
  };
  const condition = {
    ...(Object.keys(stringEquals).length === 0 ? {} : { StringEquals: stringEquals }),
    ...(sourceArn === undefined ? {} : { ArnLike: { 'AWS:SourceArn': sourceArn } }),
  };
  return {
    Sid: sid,
    Effect: 'Allow',
    Principal: readPrincipal(principal, exists),
    Action: action,
    Resource: arn,
    ...(Object.keys(condition).length === 0 ? {} : { Condition: condition }),
  };
}

/** A service, an account, or an ARN, as they stand in the policy. */
function readPrincipal(principal: string, exists: PrincipalCheck): PolicyStatement['Principal'] {
  if (principal === '*') return '*';
  if (/^\d{12}$/.test(principal)) return { AWS: `arn:aws:iam::${principal}:root` };
  if (/^arn:aws[a-z-]*:(iam|sts)::\d{12}:[^*?]+$/.test(principal) && exists(principal)) {
    return { AWS: principal };
  }
  if (/^[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com(\.cn)?$/.test(principal)) {
    return { Service: principal };
  }
  throw invalidParameter(
    'The provided principal was invalid. Please check the principal and try again.',
  );
}

function savePolicy(
  { lambda }: LambdaContext,
  found: LambdaFunction,
  policy: readonly PolicyStatement[],
): void {
  if (Buffer.byteLength(policyText(policy)) > MAX_POLICY) {
    throw new AwsError(
      'PolicyLengthExceededException',
      400,
      `The final policy size is bigger than the limit (${MAX_POLICY}).`,
    );
  }
  // The policy's revision is the function's (recorded).
  lambda.functions.save({ ...found, policy, revisionId: randomUUID() });
}

function policyText(policy: readonly PolicyStatement[]): string {
  return JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement: policy });
}

/** A policy is of a version, an alias or the function as a whole, which $LATEST is not. */
function refuseLatest({ request, subject }: LambdaCall): void {
  const parameter = request.query.get('Qualifier') || undefined;
  const { qualifier } = readFunctionName(subject, NAMESPACED_NAME, parameter);
  if (qualifier !== '$LATEST') return;
  throw invalidParameter('We currently do not support adding policies for $LATEST.');
}

/** There are no versions and no aliases here, and AWS says which of them is missing. */
function noSuchTarget(arn: string, qualifier: string | undefined): AwsError {
  if (qualifier === undefined) return functionNotFound(arn);
  if (/^\d+$|\$/.test(qualifier)) return functionNotFound(`${arn}:${qualifier}`);
  return new AwsError(
    'ResourceNotFoundException',
    404,
    `Cannot find alias arn: ${arn}:${qualifier}`,
  );
}

function noPolicy(): AwsError {
  return new AwsError(
    'ResourceNotFoundException',
    404,
    'The resource you requested does not exist.',
  );
}
