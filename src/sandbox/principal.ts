/** Who calls: the sandbox's own user, who may do everything, or a role by its policies. */
export type Principal = UserPrincipal | RolePrincipal;

export interface UserPrincipal {
  readonly kind: 'root' | 'user';
  readonly accountId: string;
  readonly arn: string;
  readonly userId: string;
}

export interface RolePrincipal {
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
