import { notImplemented } from '../errors.ts';
import { authorize } from '../iam/authorize.ts';
import type { Input } from '../input.ts';
import type { LambdaContext } from './lambdaContext.ts';
import { invalidParameter, jsonAnswer, readInput } from './lambdaCall.ts';
import type { LambdaCall, LambdaOperation } from './lambdaCall.ts';
import type { LambdaFunction } from './lambdaFunction.ts';
import { resolveFunction } from './resolveFunction.ts';

const MOST_TAGS = 50;
const KEY = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u;
const VALUE = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u;

/**
 * Reads `Tags` of a request.
 * @throws AwsError InvalidParameterValueException for what AWS takes for no tag
 */
export function readTags(input: Input): Readonly<Record<string, string>> | undefined {
  const tags = input.textMap('Tags');
  for (const [key, value] of Object.entries(tags ?? {})) {
    if (!KEY.test(key) || !VALUE.test(value)) {
      throw invalidParameter(`The tag "${key}" has a key or a value that is not valid.`);
    }
    if (key.toLowerCase().startsWith('aws:')) {
      throw invalidParameter(`The following tag keys are reserved by AWS: ${key}.`);
    }
  }
  return tags;
}

/** @throws AwsError InvalidParameterValueException when there would be more than 50 */
export function checkTagCount(tags: Readonly<Record<string, string>>): void {
  if (Object.keys(tags).length <= MOST_TAGS) return;
  throw invalidParameter('Number of tags exceeds resource tag limit.');
}

export const listTags: LambdaOperation = (context, call) => {
  const { tags } = taggedFunction(context, call);
  return jsonAnswer(200, { Tags: tags });
};

export const tagResource: LambdaOperation = async (context, call) => {
  const input = await readInput(call);
  const tags = readTags(input);
  const found = taggedFunction(context, call);
  input.requiredChild('Tags');
  const merged = { ...found.tags, ...tags };
  checkTagCount(merged);
  context.lambda.functions.save({ ...found, tags: merged });
  return jsonAnswer(204);
};

export const untagResource: LambdaOperation = (context, call) => {
  const found = taggedFunction(context, call);
  const keys = new Set(call.request.query.getAll('tagKeys'));
  const kept = Object.entries(found.tags).filter(([key]) => !keys.has(key));
  context.lambda.functions.save({ ...found, tags: Object.fromEntries(kept) });
  return jsonAnswer(204);
};

/** Tags are of functions by their ARN, not of versions. */
function taggedFunction(context: LambdaContext, call: LambdaCall): LambdaFunction {
  const { subject: arn, operation, caller } = call;
  if (/:(event-source-mapping|code-signing-config):/.test(arn)) {
    throw notImplemented(`${operation} of ${arn}`);
  }
  if (!arn.startsWith('arn:')) throw invalidParameter(`The resource ${arn} is not an ARN.`);
  const found = resolveFunction(context, arn);
  if (found.arn !== arn) {
    throw invalidParameter(
      'Tags on function aliases and versions are not supported. Please specify a function ARN.',
    );
  }
  authorize(context, caller, `lambda:${operation}`, found.arn);
  return found;
}
