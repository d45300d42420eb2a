import type { IamOperation } from './iamContext.ts';
import { authorizedRole, requestTags } from './authorizedRole.ts';
import { members, page, tagList, tagMembers } from './iamParameters.ts';
import { withoutKeys, withTags } from './iamTags.ts';

export const tagRole: IamOperation = (context, { caller }, parameters) => {
  const added = tagMembers(parameters);
  const conditions = requestTags(added);
  const role = authorizedRole(context, caller, 'iam:TagRole', parameters, conditions);
  context.iam.save({ ...role, tags: withTags(role.tags, added) });
  return '';
};

export const untagRole: IamOperation = (context, { caller }, parameters) => {
  const keys = members(parameters, 'TagKeys');
  const conditions = { 'aws:TagKeys': keys };
  const role = authorizedRole(context, caller, 'iam:UntagRole', parameters, conditions);
  context.iam.save({ ...role, tags: withoutKeys(role.tags, keys) });
  return '';
};

export const listRoleTags: IamOperation = (context, { caller }, parameters) => {
  const role = authorizedRole(context, caller, 'iam:ListRoleTags', parameters);
  const { shown, trailer } = page(role.tags, parameters);
  return tagList(shown) + trailer;
};
