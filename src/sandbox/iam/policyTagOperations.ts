import type { IamOperation } from './iamContext.ts';
import { authorizedPolicy, ownPolicy } from './authorizedPolicy.ts';
import { requestTags } from './authorizedRole.ts';
import { members, page, tagList, tagMembers } from './iamParameters.ts';
import { withoutKeys, withTags } from './iamTags.ts';

export const tagPolicy: IamOperation = (context, { caller }, parameters) => {
  const added = tagMembers(parameters);
  const policy = ownPolicy(context, caller, 'iam:TagPolicy', parameters, requestTags(added));
  context.iam.managed.save({ ...policy, tags: withTags(policy.tags, added) });
  return '';
};

export const untagPolicy: IamOperation = (context, { caller }, parameters) => {
  const keys = members(parameters, 'TagKeys');
  const conditions = { 'aws:TagKeys': keys };
  const policy = ownPolicy(context, caller, 'iam:UntagPolicy', parameters, conditions);
  context.iam.managed.save({ ...policy, tags: withoutKeys(policy.tags, keys) });
  return '';
};

export const listPolicyTags: IamOperation = (context, { caller }, parameters) => {
  const policy = authorizedPolicy(context, caller, 'iam:ListPolicyTags', parameters);
  const { shown, trailer } = page(policy.tags, parameters);
  return tagList(shown) + trailer;
};
