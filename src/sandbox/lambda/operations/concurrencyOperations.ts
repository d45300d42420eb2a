import { AwsError } from '../../errors.ts';
import { authorize } from '../../iam/authorize.ts';
import { ACCOUNT_CONCURRENCY, MINIMUM_UNRESERVED } from '../invocations/concurrency.ts';
import { Constraints } from './constraints.ts';
import { FUNCTION_NAME, readFunctionName } from '../functionName.ts';
import { invalidParameter, jsonAnswer, readInput, unqualifiedFunction } from './lambdaCall.ts';
import type { LambdaCall, LambdaOperation } from './lambdaCall.ts';
import type { LambdaContext } from '../lambdaContext.ts';
import type { LambdaFunction } from '../lambdaFunction.ts';
import { UNZIPPED_LIMIT } from '../unpackZip.ts';

/** Reserves concurrency; 0 stops the function. */
export const putFunctionConcurrency: LambdaOperation = async (context, call) => {
  const input = await readInput(call);
  input.only('ReservedConcurrentExecutions');
  const constraints = new Constraints(input);
  constraints.require('ReservedConcurrentExecutions');
  const reserved = constraints.wholeNumber('ReservedConcurrentExecutions', 0, Infinity);
  constraints.check();
  const found = wholeFunction(context, call);
  const { functions } = context.lambda;
  const left = ACCOUNT_CONCURRENCY - functions.reservedBeside(found.name) - (reserved ?? 0);
  if (left < MINIMUM_UNRESERVED) {
    // One of the few errors that AWS answers without its Type.
    throw new AwsError(
      'InvalidParameterValueException',
      400,
      `Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [${MINIMUM_UNRESERVED}].`,
      { Type: '' },
    );
  }
  functions.save({ ...found, reservedConcurrency: reserved });
  return jsonAnswer(200, { ReservedConcurrentExecutions: reserved });
};

export const getFunctionConcurrency: LambdaOperation = (context, call) => {
  const { reservedConcurrency } = unqualifiedFunction(context, call);
  return jsonAnswer(200, { ReservedConcurrentExecutions: reservedConcurrency });
};

export const deleteFunctionConcurrency: LambdaOperation = (context, call) => {
  const found = wholeFunction(context, call);
  context.lambda.functions.save({ ...found, reservedConcurrency: undefined });
  return jsonAnswer(204);
};

/** @throws AwsError InvalidParameterValueException when a version, an alias or $LATEST is named */
function wholeFunction(context: LambdaContext, call: LambdaCall): LambdaFunction {
  if (readFunctionName(call.subject, FUNCTION_NAME).qualifier !== undefined) {
    throw invalidParameter(
      'This operation is permitted on Lambda functions only. Aliases and versions do not support this operation. Please specify either a function name or an unqualified function ARN.',
    );
  }
  return unqualifiedFunction(context, call);
}

/** No code signing configuration can be made here, so no function has one. */
export const getFunctionCodeSigningConfig: LambdaOperation = (context, call) => {
  unqualifiedFunction(context, call);
  return jsonAnswer(200, {});
};

const CODE_STORAGE = 80_530_636_800;

export const getAccountSettings: LambdaOperation = (context, call) => {
  authorize(context, call.caller, 'lambda:GetAccountSettings', '*');
  const { functions } = context.lambda;
  const codes = functions.codes();
  return jsonAnswer(200, {
    AccountLimit: {
      TotalCodeSize: CODE_STORAGE,
      CodeSizeUnzipped: UNZIPPED_LIMIT,
      CodeSizeZipped: 52_428_800,
      ConcurrentExecutions: ACCOUNT_CONCURRENCY,
      UnreservedConcurrentExecutions: ACCOUNT_CONCURRENCY - functions.reservedBeside(''),
    },
    AccountUsage: {
      TotalCodeSize: codes.reduce((sum, code) => sum + code.size, 0),
      FunctionCount: codes.length,
    },
  });
};
