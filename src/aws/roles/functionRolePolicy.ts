import { logGroupOf } from '../functionArn.ts';
import { trustPolicy, type PolicyStatement } from './policyStatement.ts';

/** Whom the role of a function must trust (AWS Lambda developer guide, "Execution role"). */
export const LAMBDA_SERVICE = 'lambda.amazonaws.com';

/** Where a function is, or will be. */
interface FunctionAddress {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
  readonly functionName: string;
}

/** The trust policy of a function's role. */
export function lambdaTrustPolicy() {
  return trustPolicy(LAMBDA_SERVICE);
}

/** What a function needs to write its own log. */
export function logStatement({
  partition,
  region,
  accountId,
  functionName,
}: FunctionAddress): PolicyStatement {
  const group = `arn:${partition}:logs:${region}:${accountId}:log-group:${logGroupOf(functionName)}`;
  return {
    Sid: 'Log',
    Effect: 'Allow',
    Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
    // The group and the streams in it; a wildcard right after the name would cover other functions.
    Resource: [group, `${group}:*`],
  };
}
