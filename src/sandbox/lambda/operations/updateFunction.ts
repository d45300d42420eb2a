import { randomUUID } from 'node:crypto';
import { AwsError, notImplemented } from '../../errors.ts';
import type { SandboxResponse } from '../../request.ts';
import type { LambdaContext } from '../lambdaContext.ts';
import { checkRole } from './createFunction.ts';
import { functionConfiguration } from './functionAnswer.ts';
import { CODE_FIELDS, storeCode } from './functionCode.ts';
import {
  NEUTRAL_FIELDS,
  readArchitecture,
  readSettings,
  SETTINGS_FIELDS,
  neutralFields,
} from './functionRequest.ts';
import { jsonAnswer, readInput, unqualifiedFunction } from './lambdaCall.ts';
import type { LambdaOperation } from './lambdaCall.ts';
import { checkActive, checkRevision, isUpdating } from '../lambdaFunction.ts';
import type { FunctionSettings, LambdaFunction } from '../lambdaFunction.ts';
import { resolveFunction } from '../resolveFunction.ts';

export const updateFunctionCode: LambdaOperation = async (context, call) => {
  const input = await readInput(call);
  input.only(...CODE_FIELDS, 'Architectures', 'RevisionId', 'DryRun', 'Publish');
  if (input.flag('Publish')) throw notImplemented('UpdateFunctionCode with Publish');
  const dryRun = input.flag('DryRun') ?? false;
  const before = unqualifiedFunction(context, call);
  checkSettled(before, context.clock.now());
  checkRevision(before, input.text('RevisionId'), context.clock.now());
  const architecture = readArchitecture(input);
  const stored = await storeCode(context, call.caller, input);
  const { lambda } = context;
  try {
    // Read again: much may have happened while the code was read.
    const found = resolveFunction(context, call.subject);
    checkSettled(found, context.clock.now());
    checkRevision(found, input.text('RevisionId'), context.clock.now());
    const code = { ...stored, architecture: architecture ?? found.code.architecture };
    return dryRun
      ? jsonAnswer(200, functionConfiguration({ ...found, code }, context.clock.now()))
      : saveUpdate(context, { ...found, code });
  } finally {
    lambda.code.release(stored.sha256, lambda.functions.codes());
  }
};

export const updateFunctionConfiguration: LambdaOperation = async (context, call) => {
  const input = await readInput(call);
  input.only(...SETTINGS_FIELDS, 'RevisionId', ...neutralFields(input, NEUTRAL_FIELDS));
  const found = unqualifiedFunction(context, call);
  const changes = readSettings(input, found.name);
  checkSettled(found, context.clock.now());
  checkRevision(found, input.text('RevisionId'), context.clock.now());
  if (changes.role !== undefined) checkRole(context, call.caller, changes.role);
  const settings: FunctionSettings = { ...found.settings, ...changes };
  return saveUpdate(context, { ...found, settings });
};

function saveUpdate(context: LambdaContext, changed: LambdaFunction): SandboxResponse {
  const { lambda, clock } = context;
  const now = clock.now();
  const saved: LambdaFunction = {
    ...changed,
    revisionId: randomUUID(),
    lastModified: now,
    updatedAt: new Date(now.getTime() + lambda.settleTime),
  };
  lambda.functions.save(saved);
  lambda.retire(saved.name);
  return jsonAnswer(200, functionConfiguration(saved, now));
}

/** @throws AwsError ResourceConflictException 409 while it is made or updated */
function checkSettled(found: LambdaFunction, now: Date): void {
  checkActive(found, now);
  if (isUpdating(found, now)) {
    throw new AwsError(
      'ResourceConflictException',
      409,
      `The operation cannot be performed at this time. An update is in progress for resource: ${found.arn}`,
    );
  }
}
