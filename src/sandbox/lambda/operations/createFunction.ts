import { randomUUID } from 'node:crypto';
import { AwsError } from '../../errors.ts';
import { mayAssume } from '../../iam/assumeRole.ts';
import { authorize } from '../../iam/authorize.ts';
import { requestTags } from '../../iam/authorizedRole.ts';
import type { Input } from '../../input.ts';
import type { Principal } from '../../principal.ts';
import type { LambdaContext } from '../lambdaContext.ts';
import { Constraints } from './constraints.ts';
import { LAMBDA_SERVICE } from '../environments/environmentFactory.ts';
import { functionConfiguration } from './functionAnswer.ts';
import { CODE_FIELDS, storeCode } from './functionCode.ts';
import {
  checkRegion,
  FUNCTION_NAME,
  functionArn,
  MAX_NAME,
  readFunctionName,
  tooLong,
} from '../functionName.ts';
import {
  NEUTRAL_FIELDS,
  readArchitecture,
  readSettings,
  SETTINGS_FIELDS,
  neutralFields,
} from './functionRequest.ts';
import { checkTagCount, readTags, tagList } from './functionTags.ts';
import { invalidParameter, jsonAnswer, readInput } from './lambdaCall.ts';
import type { LambdaOperation } from './lambdaCall.ts';
import type { FunctionSettings, LambdaFunction } from '../lambdaFunction.ts';

const NEUTRAL_AT_CREATION = {
  Publish: (value: unknown) => value === false,
  PackageType: (value: unknown) => value === 'Zip',
};

export const createFunction: LambdaOperation = async (context, call) => {
  const input = await readInput(call);
  const { name, settings } = readDefinition(context, input);
  const arn = functionArn(context.accountId, name);
  const tags = readTags(input) ?? {};
  const conditions = requestTags(tagList(tags));
  authorize(context, call.caller, 'lambda:CreateFunction', arn, conditions);
  checkTagCount(tags);
  if (Object.keys(tags).length > 0) {
    authorize(context, call.caller, 'lambda:TagResource', arn, conditions);
  }
  checkRole(context, call.caller, settings.role);
  checkNew(context, name, arn);
  const { lambda, clock } = context;
  const source = input.requiredChild('Code');
  source.only(...CODE_FIELDS);
  const stored = await storeCode(context, call.caller, source);
  try {
    // Another request may have made it while the code was read.
    checkNew(context, name, arn);
    const now = clock.now();
    const activeAt = new Date(now.getTime() + lambda.settleTime);
    const created: LambdaFunction = {
      name,
      id: randomUUID(),
      arn,
      settings,
      code: { ...stored, architecture: readArchitecture(input) ?? 'x86_64' },
      tags,
      policy: [],
      eventInvoke: undefined,
      reservedConcurrency: undefined,
      revisionId: randomUUID(),
      lastModified: now,
      activeAt,
      updatedAt: activeAt,
    };
    lambda.functions.save(created);
    return jsonAnswer(201, functionConfiguration(created, now));
  } finally {
    lambda.code.release(stored.sha256, lambda.functions.codes());
  }
};

function readDefinition(
  { accountId }: LambdaContext,
  input: Input,
): { readonly name: string; readonly settings: FunctionSettings } {
  const silent = neutralFields(input, { ...NEUTRAL_FIELDS, ...NEUTRAL_AT_CREATION });
  const names = ['FunctionName', 'Code', 'Tags', 'Architectures'];
  input.only(...names, ...SETTINGS_FIELDS, ...silent);
  const constraints = new Constraints(input);
  const text = constraints.requiredText('FunctionName');
  constraints.require('Role');
  constraints.require('Code');
  constraints.check();
  const name = readNewName(text, accountId);
  const given = readSettings(input, name);
  const { runtime, handler } = given;
  if (runtime === undefined || handler === undefined) {
    throw invalidParameter(
      'Runtime and Handler are mandatory parameters for functions created with deployment packages.',
    );
  }
  const settings: FunctionSettings = {
    runtime,
    handler,
    role: given.role ?? '',
    description: given.description ?? '',
    timeout: given.timeout ?? 3,
    memorySize: given.memorySize ?? 128,
    // `Environment: {}` asks for none; empty Variables are shown as they are given.
    environment: input.child('Environment')?.has('Variables') ? given.environment : undefined,
    ephemeralStorage: given.ephemeralStorage ?? 512,
    logging: given.logging ?? { LogFormat: 'Text', LogGroup: `/aws/lambda/${name}` },
  };
  return { name, settings };
}

/**
 * The name of a function to make, of a name or an ARN.
 * @throws AwsError as AWS answers names of versions, other Regions and other accounts
 */
function readNewName(text: string, accountId: string): string {
  const reference = readFunctionName(text, FUNCTION_NAME);
  checkRegion(reference);
  if ((reference.accountId ?? accountId) !== accountId) {
    // With no message, as AWS.
    throw new AwsError('AccessDeniedException', 403, '');
  }
  const { name, qualifier } = reference;
  if (qualifier !== undefined) {
    throw invalidParameter(`The function name ${text} names a version or an alias.`);
  }
  if (name.length > MAX_NAME) {
    throw invalidParameter(
      `1 validation error detected: ${tooLong(name, 'functionName', MAX_NAME)}`,
    );
  }
  return name;
}

function checkNew({ lambda }: LambdaContext, name: string, arn: string): void {
  if (lambda.functions.find(name) === undefined) return;
  throw new AwsError(
    'ResourceConflictException',
    409,
    `Function already exist: ${arn.split(':').at(-1) ?? ''}`,
  );
}

/**
 * The caller may pass the role, and Lambda may act as it.
 * @throws AwsError AccessDeniedException, InvalidParameterValueException
 */
export function checkRole(context: LambdaContext, caller: Principal, roleArn: string): void {
  if (roleArn.split(':')[4] !== context.accountId) {
    throw new AwsError('AccessDeniedException', 403, 'Cross-account pass role is not allowed.');
  }
  authorize(context, caller, 'iam:PassRole', roleArn, { 'iam:PassedToService': LAMBDA_SERVICE });
  const role = context.iam.findByArn(roleArn);
  if (role !== undefined && mayAssume(role, { service: LAMBDA_SERVICE })) return;
  throw invalidParameter('The role defined for the function cannot be assumed by Lambda.');
}
