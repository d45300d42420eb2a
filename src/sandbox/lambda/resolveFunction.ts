import type { AwsError } from '../errors.ts';
import type { FunctionTable } from './functionTable.ts';
import { LATEST } from './environments/environmentFactory.ts';
import { checkRegion, functionArn, functionNotFound, readFunctionName } from './functionName.ts';
import type { NameRule } from './functionName.ts';
import type { LambdaFunction } from './lambdaFunction.ts';

/** How an operation reads a function's name, and what it says of one that is not there. */
export interface NameUse {
  readonly qualifier?: string | undefined;
  readonly rule?: NameRule;
  /** Whether it means $LATEST where nothing is named, and says so. */
  readonly latest?: boolean;
  /** The answer where there is no such function: of its ARN and of what was named behind it. */
  readonly missing?: (arn: string, qualifier: string | undefined) => AwsError;
}

function notFound(arn: string, qualifier: string | undefined): AwsError {
  return functionNotFound(qualifier === undefined ? arn : `${arn}:${qualifier}`);
}

/**
 * The function that a name or an ARN means.
 * @throws AwsError ResourceNotFoundException, also for another account, Region or version: there are
 * none here; ValidationException and InvalidParameterValueException as readFunctionName
 */
export function resolveFunction(
  {
    lambda,
    accountId,
  }: { readonly lambda: { readonly functions: FunctionTable }; readonly accountId: string },
  text: string,
  { qualifier, rule, latest = false, missing = notFound }: NameUse = {},
): LambdaFunction {
  const reference = readFunctionName(text, rule, qualifier);
  checkRegion(reference);
  const { name, qualifier: wanted = latest ? LATEST : undefined } = reference;
  const arn = functionArn(reference.accountId ?? accountId, name);
  const found = lambda.functions.find(name);
  const elsewhere = (reference.accountId ?? accountId) !== accountId;
  if (found === undefined || elsewhere || (wanted !== undefined && wanted !== LATEST)) {
    throw missing(arn, wanted);
  }
  return found;
}
