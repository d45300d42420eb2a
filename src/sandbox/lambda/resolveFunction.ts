import { REGION } from '../region.ts';
import type { FunctionTable } from './functionTable.ts';
import { LATEST } from './environmentFactory.ts';
import { functionArn, functionNotFound, readFunctionName } from './functionName.ts';
import type { LambdaFunction } from './lambdaFunction.ts';

/**
 * The function that a name or an ARN means.
 * @throws AwsError ResourceNotFoundException, also for another account, Region or version: there are
 * none here
 */
export function resolveFunction(
  {
    lambda,
    accountId,
  }: { readonly lambda: { readonly functions: FunctionTable }; readonly accountId: string },
  text: string,
  qualifier?: string,
): LambdaFunction {
  const reference = readFunctionName(text);
  const { name } = reference;
  const wanted = qualifier ?? reference.qualifier;
  const arn = functionArn(reference.accountId ?? accountId, name);
  const found = lambda.functions.find(name);
  const elsewhere =
    (reference.accountId ?? accountId) !== accountId || (reference.region ?? REGION) !== REGION;
  if (found === undefined || elsewhere || (wanted !== undefined && wanted !== LATEST)) {
    throw functionNotFound(wanted === undefined ? arn : `${arn}:${wanted}`);
  }
  return found;
}
