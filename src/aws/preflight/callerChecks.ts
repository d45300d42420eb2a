import { recoverFrom } from '../call.ts';
import { BATCH_SERVICE } from '../roles/rolePolicy.ts';
import { getRole } from '../roles/roleDetails.ts';
import { simulate, type Decision } from '../roles/simulate.ts';
import type { Check, MissingPermission } from './check.ts';
import type { Checking } from './checking.ts';
import { statementsFor } from './statements.ts';

interface Permission {
  readonly action: string;
  readonly resource: string;
  readonly context?: Readonly<Record<string, string>>;
}

/**
 * Whether who would create the job may (Amazon S3 user guide, "Granting permissions for Batch
 * Operations"): create it, hand it its role, tag it, and run it afterwards.
 */
export async function callerChecks(checking: Checking, region: string): Promise<readonly Check[]> {
  const { callerArn = '' } = checking;
  const check = { id: 'caller', subject: callerArn } as const;
  const principal = await principalOf(checking);
  if (typeof principal !== 'string') {
    return [{ ...check, status: 'unchecked', reason: { kind: 'callerUnknown', ...principal } }];
  }
  const needed = permissionsOf(checking, region);
  const decided = await Promise.all(
    needed.map(async permission => ({
      permission,
      decision: await decide(checking, principal, permission),
    })),
  );
  if (decided.some(({ decision }) => decision === 'unknown')) {
    const reason = { kind: 'callerUnknown', why: 'denied' } as const;
    return [{ ...check, status: 'unchecked', reason }];
  }
  const missing = decided.flatMap(({ permission, decision }): MissingPermission[] =>
    decision === 'allowed'
      ? []
      : [
          {
            action: permission.action,
            resource: permission.resource,
            isDenied: decision === 'explicitDeny',
          },
        ],
  );
  if (missing.length === 0) {
    const actions = needed.map(({ action }) => action);
    return [{ ...check, status: 'passed', reason: { kind: 'callerAllowed', actions } }];
  }
  const statements = statementsFor('BatchJobs', missing);
  return [
    {
      ...check,
      status: 'failed',
      reason: { kind: 'callerNotAllowed', missing },
      fixes: [{ kind: 'copyPolicy', statements }],
    },
  ];
}

function permissionsOf({ clients, request }: Checking, region: string): Permission[] {
  const { accountId, partition } = clients;
  const job = `arn:${partition}:s3:${region}:${accountId}:job/*`;
  return [
    { action: 's3:CreateJob', resource: '*' },
    {
      action: 'iam:PassRole',
      resource: request.RoleArn ?? '*',
      context: { 'iam:PassedToService': BATCH_SERVICE },
    },
    ...((request.Tags ?? []).length > 0 ? [{ action: 's3:PutJobTagging', resource: job }] : []),
    { action: 's3:DescribeJob', resource: job },
    { action: 's3:UpdateJobStatus', resource: job },
  ];
}

async function decide(
  { clients, options }: Checking,
  principal: string,
  { action, resource, context }: Permission,
): Promise<Decision> {
  const asked = { roleArn: principal, actions: [action], pattern: resource };
  const { decisions } = await simulate(
    clients,
    { ...asked, isExact: resource === '*', ...(context && { context }) },
    options,
  );
  return decisions.get(action) ?? 'unknown';
}

/** Who is simulated: a user, or the role of a session, whose ARN lacks the role's path. */
async function principalOf({ clients, callerArn = '', options }: Checking) {
  const [, partition, service, , accountId, rest = ''] = callerArn.split(':');
  if (rest === 'root') return { why: 'root' } as const;
  if (service === 'iam' && rest.startsWith('user/')) return callerArn;
  const role = service === 'sts' ? /^assumed-role\/([^/]+)\//.exec(rest)?.[1] : undefined;
  if (role === undefined) return { why: 'federated' } as const;
  const found = await recoverFrom(['AccessDenied', 'NotFound'], undefined, () =>
    getRole(clients, role, options),
  );
  return found?.arn ?? `arn:${partition}:iam::${accountId}:role/${role}`;
}
