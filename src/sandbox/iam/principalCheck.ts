import { sandboxUser } from '../principal.ts';
import type { RoleTable } from './roleTable.ts';

/** Whether the account has the user, role or role session that an ARN names. */
export type PrincipalCheck = (arn: string) => boolean;

interface Account {
  readonly accountId: string;
  readonly iam: Pick<RoleTable, 'find' | 'findByArn'>;
}

/**
 * Whom of the account a policy may name: whoever is there. Of other accounts the sandbox can't know.
 * (IAM user guide, "AWS JSON policy elements: Principal".)
 */
export function principalCheck({ accountId, iam }: Account): PrincipalCheck {
  return arn => {
    const [, , service, , account, entity = ''] = arn.split(':');
    if (account !== accountId || entity === 'root') return true;
    if (arn === sandboxUser(accountId).arn) return true;
    if (entity.startsWith('role/')) return iam.findByArn(arn) !== undefined;
    return service === 'sts' && iam.find(entity.split('/')[1] ?? '') !== undefined;
  };
}
