import { AwsError } from '../errors.ts';
import { authorize } from '../iam/authorize.ts';
import type { RequestContext } from '../iam/authorize.ts';
import { requestTags, resourceTags } from '../iam/authorizedRole.ts';
import type { IamTag } from '../iam/iamTags.ts';
import type { Input } from '../input.ts';
import type { Principal } from '../principal.ts';
import { REGION } from '../region.ts';
import type { LogsContext, LogsOperation } from './logsContext.ts';
import { constraintError, invalidParameter, notFound } from './logsErrors.ts';
import { existingGroup, streamArn } from './logsInput.ts';
import { tagsOf, type LogGroup } from './logTables.ts';

const MAX_TAGS = 50;
/** Model shapes TagKey and TagValue. */
const KEY = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u;
const VALUE = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u;

export const listTagsForResource: LogsOperation = (context, { caller }, input) => {
  input.only('resourceArn');
  const group = taggedGroup(context, caller, 'logs:ListTagsForResource', input);
  return { tags: tagsOf(group) };
};

export const tagResource: LogsOperation = (context, { caller }, input) => {
  input.only('resourceArn', 'tags');
  input.requiredChild('tags');
  const tags = readTags(input) ?? {};
  const group = taggedGroup(context, caller, 'logs:TagResource', input, ofRequest(tags));
  const merged = { ...tagsOf(group), ...tags };
  if (Object.keys(merged).length > MAX_TAGS) {
    throw new AwsError(
      'TooManyTagsException',
      400,
      `The resource can have no more than ${MAX_TAGS} tags.`,
    );
  }
  context.logs.groups.setTags(group, merged);
  return undefined;
};

export const untagResource: LogsOperation = (context, { caller }, input) => {
  input.only('resourceArn', 'tagKeys');
  if (!input.has('tagKeys')) throw constraintError('tagKeys', null, 'not be null');
  const keys = new Set(input.texts('tagKeys'));
  const group = taggedGroup(context, caller, 'logs:UntagResource', input, {
    'aws:TagKeys': [...keys],
  });
  const kept = Object.entries(tagsOf(group)).filter(([key]) => !keys.has(key));
  context.logs.groups.setTags(group, Object.fromEntries(kept));
  return undefined;
};

/**
 * Reads `tags` of a request; none is undefined.
 * @throws AwsError InvalidParameterException
 */
export function readTags(input: Input): Readonly<Record<string, string>> | undefined {
  const tags = input.textMap('tags');
  if (tags === undefined) return undefined;
  const count = Object.keys(tags).length;
  if (count === 0) {
    throw constraintError('tags', '{}', 'have length greater than or equal to 1');
  }
  if (count > MAX_TAGS) {
    throw constraintError('tags', '{…}', `have length less than or equal to ${MAX_TAGS}`);
  }
  for (const [key, value] of Object.entries(tags)) {
    if (!KEY.test(key) || !VALUE.test(value)) {
      throw invalidParameter(`The tag "${key}" has a key or a value that is not valid.`);
    }
    if (key.toLowerCase().startsWith('aws:')) {
      throw invalidParameter(`Tag keys that start with aws: are reserved: ${key}.`);
    }
  }
  return tags;
}

/** What a policy's conditions may ask about the tags of a request. */
export function ofRequest(tags: Readonly<Record<string, string>>): RequestContext {
  return requestTags(tagList(tags));
}

function tagList(tags: Readonly<Record<string, string>>): IamTag[] {
  return Object.entries(tags).map(([key, value]) => ({ key, value }));
}

/** Log groups alone can be made here; their ARN is without the `:*` that stands for streams. */
function taggedGroup(
  context: LogsContext,
  caller: Principal,
  action: string,
  input: Input,
  conditions: RequestContext = {},
): LogGroup {
  const arn = input.requiredText('resourceArn');
  const prefix = `arn:aws:logs:${REGION}:${context.accountId}:log-group:`;
  if (!arn.startsWith(prefix) || arn.endsWith(':*')) {
    if (/^arn:aws[\w-]*:logs:[\w-]+:\d{12}:[\w-]+:[^*]+$/.test(arn)) throw notFound('group');
    throw invalidParameter('The specified resource ARN is not valid.');
  }
  const name = arn.slice(prefix.length);
  const group = existingGroup(context, name);
  authorize(context, caller, action, streamArn(context.accountId, name), {
    ...resourceTags(tagList(tagsOf(group))),
    ...conditions,
  });
  return group;
}
