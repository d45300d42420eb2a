import { BrigadeError } from '../errors.ts';
import { roleOperation } from '../batchJobs/operations/operations.ts';
import { checkRole, type PermissionFinding, type RoleCheck } from '../roles/roleCheck.ts';
import type { BatchRoleInput } from '../roles/rolePolicy.ts';
import type { Check, Purpose } from './check.ts';
import type { Checking, Found, Target } from './checking.ts';
import type { Fix } from './fix.ts';
import { statementsFor } from './statements.ts';

/** Whether the job's role can be assumed, and may do what the job does. */
export async function roleChecks(
  checking: Checking,
  { targets }: Found,
): Promise<readonly Check[]> {
  const { clients, request, parts, options } = checking;
  const roleArn = request.RoleArn ?? '';
  const accountId = roleArn.split(':')[4] ?? '';
  if (clients.accountId !== '' && accountId !== clients.accountId) {
    return [trust(roleArn, 'failed', { kind: 'otherAccount', accountId })];
  }
  const needs = roleNeeds(checking, targets);
  if (needs === undefined) return [trust(roleArn, 'unchecked', { kind: 'trustUnknown' })];
  try {
    const versions = parts.manifest?.fields.includes('VersionId') ?? true;
    const check = await checkRole(clients, { ...needs, roleArn, versions }, options);
    return [trustCheck(roleArn, check), ...permissionChecks(roleArn, check)];
  } catch (error) {
    if (!(error instanceof BrigadeError) || error.code !== 'NotFound') throw error;
    return [trust(roleArn, 'failed', { kind: 'noRole' })];
  }
}

/** What the role has to be allowed; undefined for a request that does not say enough. */
function roleNeeds(
  { clients: { partition }, parts: { operation, manifest, generator, report } }: Checking,
  targets: readonly Target[],
): BatchRoleInput | undefined {
  const source = generator ?? manifest;
  if (operation === undefined || source === undefined) return undefined;
  return {
    partition,
    operation: roleOperation(operation, { partition, targets }),
    manifest: source,
    ...(report && {
      report: { bucket: report.bucket, ...(report.prefix !== '' && { prefix: report.prefix }) },
    }),
  };
}

function trust(roleArn: string, status: Check['status'], reason: Check['reason']): Check {
  return { id: 'roleTrust', status, subject: roleArn, reason };
}

function trustCheck(roleArn: string, { trusted }: RoleCheck): Check {
  if (trusted === undefined) return trust(roleArn, 'unchecked', { kind: 'trustUnknown' });
  return trusted
    ? trust(roleArn, 'passed', { kind: 'fine' })
    : {
        ...trust(roleArn, 'failed', { kind: 'untrusted' }),
        fixes: [{ kind: 'addTrust', roleArn }],
      };
}

/** One check for each purpose: what a person wants to know is what would not work. */
function permissionChecks(roleArn: string, { findings }: RoleCheck): Check[] {
  const purposes = [...new Set(findings.map(({ purpose }) => purpose))];
  return purposes.map(purpose =>
    purposeCheck(
      roleArn,
      purpose,
      findings.filter(finding => finding.purpose === purpose),
    ),
  );
}

function purposeCheck(
  roleArn: string,
  purpose: Purpose,
  findings: readonly PermissionFinding[],
): Check {
  const check = {
    id: purpose === 'useKey' ? 'keys' : 'rolePermissions',
    subject: roleArn,
  } as const;
  const missing = findings
    .filter(({ decision }) => decision === 'implicitDeny' || decision === 'explicitDeny')
    .map(({ action, pattern: resource, decision, optional }) => ({
      ...{ action, resource, optional },
      isDenied: decision === 'explicitDeny',
    }));
  const needed = missing.filter(({ optional }) => !optional);
  const isHelpful = purpose === 'detectMissing' || purpose === 'locateBuckets';
  const open = findings.filter(
    ({ decision, optional }) => decision === 'unknown' && (isHelpful || !optional),
  );
  if (needed.length > 0) {
    const fixes = permissionFixes(roleArn, purpose, missing);
    return {
      ...check,
      status: 'failed',
      reason: { kind: 'notAllowed', purpose, missing: needed },
      fixes,
    };
  }
  if (open.length > 0) {
    const actions = [...new Set(open.map(({ action }) => action))];
    return {
      ...check,
      status: 'unchecked',
      reason: { kind: 'permissionUnknown', purpose, actions },
    };
  }
  if (missing.length > 0 && isHelpful) {
    const fixes = permissionFixes(roleArn, purpose, missing);
    return { ...check, status: 'warned', reason: { kind: 'notAllowed', purpose, missing }, fixes };
  }
  if (purpose === 'useKey') {
    const key = findings[0]?.resource ?? '';
    // The simulation doesn't weigh the key's own policy, without which nobody may use it.
    return { ...check, status: 'unchecked', reason: { kind: 'keyPolicyUnread', key } };
  }
  const by = findings.some(finding => finding.by === 'policies') ? 'policies' : 'simulation';
  return { ...check, status: 'passed', reason: { kind: 'allowed', purpose, by } };
}

/** What a policy denies no other policy allows. */
function permissionFixes(
  roleArn: string,
  purpose: Purpose,
  missing: readonly { action: string; resource: string; isDenied: boolean }[],
): Fix[] {
  if (missing.some(({ isDenied }) => isDenied)) return [];
  return [{ kind: 'addPermissions', roleArn, statements: statementsFor(purpose, missing) }];
}
