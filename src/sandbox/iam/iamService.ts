import { queryService } from '../queryProtocol.ts';
import type { QueryServiceOptions } from '../queryProtocol.ts';
import type { ServiceAdapter } from '../serviceAdapter.ts';
import {
  attachRolePolicy,
  detachRolePolicy,
  listAttachedRolePolicies,
  listEntitiesForPolicy,
} from './attachmentOperations.ts';
import type { IamContext } from './iamContext.ts';
import { createPolicy, deletePolicy, getPolicy, listPolicies } from './policyOperations.ts';
import { listPolicyTags, tagPolicy, untagPolicy } from './policyTagOperations.ts';
import {
  createPolicyVersion,
  deletePolicyVersion,
  getPolicyVersion,
  listPolicyVersions,
  setDefaultPolicyVersion,
} from './policyVersionOperations.ts';
import {
  createRole,
  deleteRole,
  getRole,
  listRoles,
  updateAssumeRolePolicy,
} from './roleOperations.ts';
import {
  deleteRolePolicy,
  getRolePolicy,
  listInstanceProfilesForRole,
  listRolePolicies,
  putRolePolicy,
} from './rolePolicyOperations.ts';
import { listRoleTags, tagRole, untagRole } from './roleTagOperations.ts';
import { simulatePrincipalPolicy } from './simulatePrincipalPolicy.ts';
import { getUser } from './userOperations.ts';

const OPTIONS: QueryServiceOptions<IamContext> = {
  name: 'iam',
  signingName: 'iam',
  namespace: 'https://iam.amazonaws.com/doc/2010-05-08/',
  version: '2010-05-08',
  operations: {
    AttachRolePolicy: attachRolePolicy,
    CreatePolicy: createPolicy,
    CreatePolicyVersion: createPolicyVersion,
    CreateRole: createRole,
    DeletePolicy: deletePolicy,
    DeletePolicyVersion: deletePolicyVersion,
    DeleteRole: deleteRole,
    DeleteRolePolicy: deleteRolePolicy,
    DetachRolePolicy: detachRolePolicy,
    GetPolicy: getPolicy,
    GetPolicyVersion: getPolicyVersion,
    GetRole: getRole,
    GetRolePolicy: getRolePolicy,
    GetUser: getUser,
    ListAttachedRolePolicies: listAttachedRolePolicies,
    ListEntitiesForPolicy: listEntitiesForPolicy,
    ListInstanceProfilesForRole: listInstanceProfilesForRole,
    ListPolicies: listPolicies,
    ListPolicyTags: listPolicyTags,
    ListPolicyVersions: listPolicyVersions,
    ListRolePolicies: listRolePolicies,
    ListRoles: listRoles,
    ListRoleTags: listRoleTags,
    PutRolePolicy: putRolePolicy,
    SetDefaultPolicyVersion: setDefaultPolicyVersion,
    SimulatePrincipalPolicy: simulatePrincipalPolicy,
    TagPolicy: tagPolicy,
    TagRole: tagRole,
    UntagPolicy: untagPolicy,
    UntagRole: untagRole,
    UpdateAssumeRolePolicy: updateAssumeRolePolicy,
  },
};

/** AWS Identity and Access Management: roles and policies, inline and managed. */
export const iamService = (context: IamContext): ServiceAdapter => queryService(OPTIONS, context);
