/**
 * Who calls: the sandbox's own user, who may do everything, a role by its policies, or nobody in
 * particular, who may do what a bucket's policy or an ACL gives to everybody.
 */
export type Principal = UserPrincipal | RolePrincipal | AnonymousPrincipal;

/** Values of condition keys, e.g. `{ 's3:prefix': 'photos/' }`; the keys' case does not matter. */
export type RequestContext = Readonly<Record<string, string | readonly string[] | undefined>>;

interface Calling {
  /** When its temporary credentials were issued, in ISO 8601. */
  readonly tokenIssued?: string;
  /** What the request at hand adds to the condition keys of whoever sent it. */
  readonly requestContext?: () => RequestContext;
}

export interface UserPrincipal extends Calling {
  readonly kind: 'root' | 'user';
  readonly accountId: string;
  readonly arn: string;
  readonly userId: string;
}

export interface RolePrincipal extends Calling {
  readonly kind: 'role';
  readonly accountId: string;
  /** `arn:aws:sts::<account>:assumed-role/<role>/<session>` */
  readonly arn: string;
  /** `<role id>:<session>` */
  readonly userId: string;
  readonly roleName: string;
  readonly roleArn: string;
  readonly sessionName: string;
}

export interface AnonymousPrincipal extends Calling {
  readonly kind: 'anonymous';
  readonly accountId: '';
  readonly arn: '';
  readonly userId: 'Anonymous';
}

export const ANONYMOUS: AnonymousPrincipal = {
  kind: 'anonymous',
  accountId: '',
  arn: '',
  userId: 'Anonymous',
};

/** The user whose keys are made at the first start. */
export function sandboxUser(accountId: string): UserPrincipal {
  return {
    kind: 'user',
    accountId,
    arn: `arn:aws:iam::${accountId}:user/sandbox`,
    userId: 'AIDASANDBOXUSERAAAAAA',
  };
}

/** The principal that a session of a role is. */
export function rolePrincipal(
  role: { readonly arn: string; readonly name: string; readonly id: string },
  sessionName: string,
): RolePrincipal {
  const accountId = role.arn.split(':')[4] ?? '';
  return {
    kind: 'role',
    accountId,
    arn: `arn:aws:sts::${accountId}:assumed-role/${role.name}/${sessionName}`,
    userId: `${role.id}:${sessionName}`,
    roleName: role.name,
    roleArn: role.arn,
    sessionName,
  };
}
