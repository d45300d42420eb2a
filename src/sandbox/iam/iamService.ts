import { queryService } from '../queryProtocol.ts';
import type { QueryServiceOptions } from '../queryProtocol.ts';
import type { Service } from '../service.ts';
import type { IamContext } from './iamContext.ts';
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
  listAttachedRolePolicies,
  listRolePolicies,
  putRolePolicy,
} from './rolePolicyOperations.ts';
import { listRoleTags, tagRole, untagRole } from './roleTagOperations.ts';
import { simulatePrincipalPolicy } from './simulatePrincipalPolicy.ts';
import { getUser } from './userOperations.ts';

const OPTIONS: QueryServiceOptions<IamContext> = {
  signingName: 'iam',
  namespace: 'https://iam.amazonaws.com/doc/2010-05-08/',
  operations: {
    CreateRole: createRole,
    DeleteRole: deleteRole,
    DeleteRolePolicy: deleteRolePolicy,
    GetRole: getRole,
    GetRolePolicy: getRolePolicy,
    GetUser: getUser,
    ListAttachedRolePolicies: listAttachedRolePolicies,
    ListRolePolicies: listRolePolicies,
    ListRoles: listRoles,
    ListRoleTags: listRoleTags,
    PutRolePolicy: putRolePolicy,
    SimulatePrincipalPolicy: simulatePrincipalPolicy,
    TagRole: tagRole,
    UntagRole: untagRole,
    UpdateAssumeRolePolicy: updateAssumeRolePolicy,
  },
};

/** AWS Identity and Access Management: roles, their trust and inline policies. */
export const iamService = (context: IamContext): Service => queryService(OPTIONS, context);
