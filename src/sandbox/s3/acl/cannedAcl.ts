import { notImplemented } from '../../errors.ts';
import { invalidArgument } from '../errors.ts';
import type { Acl, AclPermission, Grant } from '../store/acl.ts';
import { ALL_USERS, AUTHENTICATED_USERS, LOG_DELIVERY } from '../store/acl.ts';

/** What canned ACLs give besides full control to the owner (user guide, "Canned ACL"). */
const CANNED: Readonly<Record<string, readonly (readonly [string, AclPermission])[] | undefined>> =
  {
    private: [],
    'public-read': [[ALL_USERS, 'READ']],
    'public-read-write': [
      [ALL_USERS, 'READ'],
      [ALL_USERS, 'WRITE'],
    ],
    'authenticated-read': [[AUTHENTICATED_USERS, 'READ']],
    // With one account the owner of the bucket owns its objects.
    'bucket-owner-read': [],
    'bucket-owner-full-control': [],
    'log-delivery-write': [
      [LOG_DELIVERY, 'WRITE'],
      [LOG_DELIVERY, 'READ_ACP'],
    ],
  };

export function fullControl(owner: string): Grant {
  return { grantee: { id: owner }, permission: 'FULL_CONTROL' };
}

/**
 * The grants of a canned ACL.
 * @param owner the account's canonical id
 * @throws AwsError InvalidArgument for what is none: AWS says no more than which argument (recorded).
 */
export function cannedAcl(name: string, owner: string): Acl {
  if (name === 'aws-exec-read') throw notImplemented(`x-amz-acl: ${name}`);
  const grants = Object.hasOwn(CANNED, name) ? CANNED[name] : undefined;
  if (!grants) throw invalidArgument('', 'x-amz-acl', name);
  return [
    fullControl(owner),
    ...grants.map(([group, permission]) => ({ grantee: { group }, permission })),
  ];
}

/** Whether an ACL is the canned `private`: full control for the owner, and nothing else. */
export function isPrivateAcl(acl: Acl): boolean {
  return acl.length === 1 && acl[0]?.permission === 'FULL_CONTROL' && 'id' in acl[0].grantee;
}
