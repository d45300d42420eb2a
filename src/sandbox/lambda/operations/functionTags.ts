import { randomUUID } from 'node:crypto';
import { AwsError, notImplemented } from '../../errors.ts';
import { authorize } from '../../iam/authorize.ts';
import type { RequestContext } from '../../iam/authorize.ts';
import { requestTags } from '../../iam/authorizedRole.ts';
import type { IamTag } from '../../iam/iamTags.ts';
import type { Input } from '../../input.ts';
import type { LambdaContext } from '../lambdaContext.ts';
import { invalidParameter, jsonAnswer, readInput, resourceTags } from './lambdaCall.ts';
import type { LambdaCall, LambdaOperation } from './lambdaCall.ts';
import type { LambdaFunction } from '../lambdaFunction.ts';
import { resolveFunction } from '../resolveFunction.ts';

const MAX_TAGS = 50;
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
  if (Object.keys(tags).length <= MAX_TAGS) return;
  throw invalidParameter('Number of tags exceeds resource tag limit.');
}

/** A function's tags as the other services have theirs. */
export function tagList(tags: Readonly<Record<string, string>>): readonly IamTag[] {
  return Object.entries(tags).map(([key, value]) => ({ key, value }));
}

export const listTags: LambdaOperation = (context, call) => {
  const { tags } = taggedFunction(context, call);
  return jsonAnswer(200, { Tags: tags });
};

export const tagResource: LambdaOperation = async (context, call) => {
  const input = await readInput(call);
  input.requiredChild('Tags');
  const tags = readTags(input) ?? {};
  const found = taggedFunction(context, call, requestTags(tagList(tags)));
  if (Object.keys(tags).length === 0) {
    throw invalidParameter('An error occurred and the request cannot be processed.');
  }
  const merged = { ...found.tags, ...tags };
  checkTagCount(merged);
  context.lambda.functions.save({ ...found, tags: merged, revisionId: randomUUID() });
  return jsonAnswer(204);
};

export const untagResource: LambdaOperation = (context, call) => {
  const keys = new Set(call.request.query.getAll('tagKeys'));
  if (keys.size === 0) {
    throw new AwsError(
      'ValidationException',
      400,
      "1 validation error detected: Value null at 'tagKeys' failed to satisfy constraint: Member must not be null",
    );
  }
  const found = taggedFunction(context, call, { 'aws:TagKeys': [...keys] });
  const kept = Object.fromEntries(Object.entries(found.tags).filter(([key]) => !keys.has(key)));
  context.lambda.functions.save({ ...found, tags: kept, revisionId: randomUUID() });
  return jsonAnswer(204);
};

/** Model shape TaggableResource, as AWS prints it. */
const RESOURCE =
  'arn:(aws[a-zA-Z-]*):lambda:(eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:\\d{12}:(function:[a-zA-Z0-9-_]+(:(\\$LATEST|[a-zA-Z0-9-_]+))?|layer:([a-zA-Z0-9-_]+)|code-signing-config:csc-[a-z0-9]{17}|event-source-mapping:[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}|capacity-provider:[a-zA-Z0-9-_]+)';
const RESOURCE_ARN = new RegExp(`^${RESOURCE}$`);
/** Resources that can be tagged on AWS and can't be made here, by how AWS says that one is missing. */
const OTHERS = {
  'event-source-mapping': 'Event source mapping',
  'capacity-provider': 'Capacity provider',
} as const;

/** Tags are of functions by their ARN, not of versions. */
function taggedFunction(
  context: LambdaContext,
  call: LambdaCall,
  conditions: RequestContext = {},
): LambdaFunction {
  const { subject: arn, operation, caller } = call;
  if (!RESOURCE_ARN.test(arn)) {
    throw new AwsError(
      'ValidationException',
      400,
      `1 validation error detected: Value '${arn}' at 'resource' failed to satisfy constraint: Member must satisfy regular expression pattern: ${RESOURCE}`,
    );
  }
  const [, , , , , kind = '', , qualifier] = arn.split(':');
  if (kind in OTHERS) {
    const name = OTHERS[kind as keyof typeof OTHERS];
    throw new AwsError('ResourceNotFoundException', 404, `${name} not found: ${arn}`);
  }
  if (kind !== 'function') throw notImplemented(`${operation} of ${arn}`);
  if (qualifier !== undefined) {
    throw invalidParameter(
      'Tags on function aliases and versions are not supported. Please specify a function ARN.',
    );
  }
  const found = resolveFunction(context, arn);
  authorize(context, caller, `lambda:${operation}`, found.arn, {
    ...resourceTags(found),
    ...conditions,
  });
  return found;
}
