/** Who is granted something: the account by its canonical id, or a group of S3's. */
export type Grantee = { readonly id: string } | { readonly group: string };

export type AclPermission = 'FULL_CONTROL' | 'READ' | 'WRITE' | 'READ_ACP' | 'WRITE_ACP';

export interface Grant {
  readonly grantee: Grantee;
  readonly permission: AclPermission;
}

/** The grants of a bucket or an object, in the order in which they were given. */
export type Acl = readonly Grant[];

export const ALL_USERS = 'http://acs.amazonaws.com/groups/global/AllUsers';
export const AUTHENTICATED_USERS = 'http://acs.amazonaws.com/groups/global/AuthenticatedUsers';
export const LOG_DELIVERY = 'http://acs.amazonaws.com/groups/s3/LogDelivery';

/** Whether an ACL lets anybody in, or anybody with an AWS account (user guide, "The meaning of 'public'"). */
export function isPublicAcl(acl: Acl): boolean {
  return acl.some(({ grantee }) => 'group' in grantee && grantee.group !== LOG_DELIVERY);
}
