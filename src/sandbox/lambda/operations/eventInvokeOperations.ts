import { AwsError } from '../../errors.ts';
import type { Input } from '../../input.ts';
import type { SandboxResponse } from '../../request.ts';
import type { LambdaContext } from '../lambdaContext.ts';
import { Constraints } from './constraints.ts';
import { LATEST } from '../environments/environmentFactory.ts';
import { calledFunction, invalidParameter, jsonAnswer, readInput } from './lambdaCall.ts';
import type { LambdaOperation } from './lambdaCall.ts';
import { readOnlyPage } from './readFunctions.ts';
import type { EventInvokeConfig, LambdaFunction } from '../lambdaFunction.ts';

type Changes = Pick<EventInvokeConfig, 'maximumRetryAttempts' | 'maximumEventAge'>;

/** Replaces the configuration of asynchronous invocations. */
export const putFunctionEventInvokeConfig: LambdaOperation = async (context, call) => {
  const changes = readChanges(await readInput(call));
  return save(context, calledFunction(context, call, noFunction), changes);
};

/** Changes what is given and keeps the rest. */
export const updateFunctionEventInvokeConfig: LambdaOperation = async (context, call) => {
  const changes = readChanges(await readInput(call));
  const found = calledFunction(context, call, noFunction);
  const before = configOf(found);
  return save(context, found, {
    maximumRetryAttempts: changes.maximumRetryAttempts ?? before.maximumRetryAttempts,
    maximumEventAge: changes.maximumEventAge ?? before.maximumEventAge,
  });
};

export const getFunctionEventInvokeConfig: LambdaOperation = (context, call) => {
  const found = calledFunction(context, call, noConfig);
  return jsonAnswer(200, shown(found, configOf(found)));
};

export const listFunctionEventInvokeConfigs: LambdaOperation = (context, call) => {
  const found = calledFunction(context, call, noFunction);
  readOnlyPage(call, 50);
  const { eventInvoke } = found;
  return jsonAnswer(200, {
    FunctionEventInvokeConfigs: eventInvoke === undefined ? [] : [shown(found, eventInvoke)],
  });
};

export const deleteFunctionEventInvokeConfig: LambdaOperation = (context, call) => {
  const found = calledFunction(context, call, noConfig);
  configOf(found);
  context.lambda.functions.save({ ...found, eventInvoke: undefined });
  return jsonAnswer(204);
};

function readChanges(input: Input): Changes {
  input.only('MaximumRetryAttempts', 'MaximumEventAgeInSeconds', 'DestinationConfig');
  const constraints = new Constraints(input);
  if (
    !['MaximumRetryAttempts', 'MaximumEventAgeInSeconds', 'DestinationConfig'].some(name =>
      input.has(name),
    )
  ) {
    throw invalidParameter(
      'You must specify at least one of error handling or destination setting.',
    );
  }
  const retries = constraints.wholeNumber('MaximumRetryAttempts', 0, 2);
  const age = constraints.wholeNumber('MaximumEventAgeInSeconds', 60, 21_600);
  constraints.check();
  // Nothing is sent to them, and an event that is lost must not look as if it were.
  const destinations = input.child('DestinationConfig');
  destinations?.only('OnSuccess', 'OnFailure');
  for (const name of ['OnSuccess', 'OnFailure']) destinations?.child(name)?.only();
  return { maximumRetryAttempts: retries, maximumEventAge: age };
}

function configOf(found: LambdaFunction): EventInvokeConfig {
  if (found.eventInvoke !== undefined) return found.eventInvoke;
  throw noConfig(found.arn, LATEST);
}

function noConfig(arn: string, qualifier = LATEST): AwsError {
  return new AwsError(
    'ResourceNotFoundException',
    404,
    `The function ${arn}:${qualifier} doesn't have an EventInvokeConfig`,
  );
}

function noFunction(): AwsError {
  return new AwsError('ResourceNotFoundException', 404, "The function doesn't exist.");
}

function save(context: LambdaContext, found: LambdaFunction, changes: Changes): SandboxResponse {
  const eventInvoke = { ...changes, lastModified: context.clock.now().getTime() };
  context.lambda.functions.save({ ...found, eventInvoke });
  return jsonAnswer(200, shown(found, eventInvoke));
}

function shown(found: LambdaFunction, config: EventInvokeConfig): object {
  return {
    LastModified: config.lastModified / 1000,
    FunctionArn: `${found.arn}:${LATEST}`,
    MaximumRetryAttempts: config.maximumRetryAttempts,
    MaximumEventAgeInSeconds: config.maximumEventAge,
    DestinationConfig: { OnSuccess: {}, OnFailure: {} },
  };
}
