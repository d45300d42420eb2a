import { randomUUID } from 'node:crypto';
import { AwsError, notImplemented } from '../errors.ts';
import type { Input } from '../input.ts';
import type { LambdaContext } from './lambdaContext.ts';
import { Constraints } from './constraints.ts';
import { calledFunction, invalidParameter, jsonAnswer, readInput } from './lambdaCall.ts';
import type { LambdaCall, LambdaOperation } from './lambdaCall.ts';
import type { LambdaFunction, PolicyStatement } from './lambdaFunction.ts';
import { preconditionFailed } from './updateFunction.ts';

const STATEMENT_ID = /^([a-zA-Z0-9-_]+)$/;
const CONDITIONS = ['SourceArn', 'SourceAccount', 'PrincipalOrgID'];
const MAX_POLICY = 20 * 1024;

/** Adds a statement to the function's resource policy. */
export const addPermission: LambdaOperation = async (context, call) => {
  const input = await readInput(call);
  input.only('StatementId', 'Action', 'Principal', ...CONDITIONS, 'RevisionId');
  refuseVersion(call);
  const found = calledFunction(context, call);
  const statement = readStatement(input, found);
  checkPolicyRevision(found, input.text('RevisionId'));
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
  refuseVersion(call);
  const found = calledFunction(context, call);
  if (found.policy.length === 0) throw noPolicy();
  return jsonAnswer(200, { Policy: policyText(found.policy), RevisionId: found.policyRevision });
};

export const removePermission: LambdaOperation = (context, call) => {
  refuseVersion(call);
  const found = calledFunction(context, call);
  checkPolicyRevision(found, call.request.query.get('RevisionId'));
  const kept = found.policy.filter(({ Sid }) => Sid !== call.detail);
  if (found.policy.length === 0) throw noPolicy();
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

function readStatement(input: Input, { arn }: LambdaFunction): PolicyStatement {
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
    Principal: readPrincipal(principal),
    Action: action,
    Resource: arn,
    ...(Object.keys(condition).length === 0 ? {} : { Condition: condition }),
  };
}

/** A service, an account, or an ARN, as they stand in the policy. */
function readPrincipal(principal: string): PolicyStatement['Principal'] {
  if (principal === '*') return '*';
  if (/^\d{12}$/.test(principal)) return { AWS: `arn:aws:iam::${principal}:root` };
  if (/^arn:aws[a-z-]*:(iam|sts)::\d{12}:.+$/.test(principal)) return { AWS: principal };
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
  lambda.functions.save({ ...found, policy, policyRevision: randomUUID() });
}

function policyText(policy: readonly PolicyStatement[]): string {
  return JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement: policy });
}

function checkPolicyRevision({ policyRevision }: LambdaFunction, wanted: string | undefined): void {
  if (wanted !== undefined && wanted !== policyRevision) throw preconditionFailed();
}

/** There is no version but $LATEST, and that one can't be named here. */
function refuseVersion({ request, operation }: LambdaCall): void {
  const qualifier = request.query.get('Qualifier');
  if (!qualifier) return;
  if (qualifier !== '$LATEST') throw notImplemented(`${operation} with Qualifier`);
  throw invalidParameter('We currently do not support adding policies for $LATEST.');
}

function noPolicy(): AwsError {
  return new AwsError(
    'ResourceNotFoundException',
    404,
    'The resource you requested does not exist.',
  );
}
