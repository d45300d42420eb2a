import { AwsError } from '../errors.ts';
import type { IamOperation } from './iamContext.ts';
import { authorize } from './authorize.ts';
import { limitExceeded, validationError } from './iamErrors.ts';
import { members, namedRole, page, tagList, tagMembers } from './iamParameters.ts';
import type { RoleTag } from './roleTable.ts';

const MOST_TAGS = 50;
const CHARACTERS = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

export const tagRole: IamOperation = (context, { caller }, parameters) => {
  const role = namedRole(context.iam, parameters);
  authorize(context, caller, 'iam:TagRole', role.arn);
  const added = tagMembers(parameters);
  const kept = role.tags.filter(tag => !added.some(other => sameKey(other, tag)));
  context.iam.save({ ...role, tags: checkRoleTags([...kept, ...added]) });
  return '';
};

export const untagRole: IamOperation = (context, { caller }, parameters) => {
  const role = namedRole(context.iam, parameters);
  authorize(context, caller, 'iam:UntagRole', role.arn);
  const keys = members(parameters, 'TagKeys').map(key => key.toLowerCase());
  const tags = role.tags.filter(tag => !keys.includes(tag.key.toLowerCase()));
  context.iam.save({ ...role, tags });
  return '';
};

export const listRoleTags: IamOperation = (context, { caller }, parameters) => {
  const role = namedRole(context.iam, parameters);
  authorize(context, caller, 'iam:ListRoleTags', role.arn);
  const { shown, trailer } = page(role.tags, parameters);
  return tagList(shown) + trailer;
};

/** @throws AwsError LimitExceeded, InvalidInput, ValidationError by AWS's rules for tags of roles. */
export function checkRoleTags(tags: readonly RoleTag[]): readonly RoleTag[] {
  if (tags.length > MOST_TAGS) {
    throw limitExceeded(`The number of tags has reached the maximum limit of ${MOST_TAGS}.`);
  }
  if (new Set(tags.map(tag => tag.key.toLowerCase())).size < tags.length) {
    throw new AwsError(
      'InvalidInput',
      400,
      'Duplicate tag keys found. Please note that Tag keys are case insensitive.',
    );
  }
  for (const { key, value } of tags) {
    if (key === '' || key.length > 128 || !CHARACTERS.test(key) || /^aws:/i.test(key)) {
      throw validationError(`The tag key ${key} is invalid.`);
    }
    if (value.length > 256 || !CHARACTERS.test(value)) {
      throw validationError(`The value of the tag ${key} is invalid.`);
    }
  }
  return tags;
}

function sameKey(a: RoleTag, b: RoleTag): boolean {
  return a.key.toLowerCase() === b.key.toLowerCase();
}
