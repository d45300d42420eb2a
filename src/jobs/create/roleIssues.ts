import { l10n } from 'vscode';
import { roleOperation } from '../../aws/batchJobs/operations/operations.ts';
import type { AwsClients } from '../../aws/clients.ts';
import { BrigadeError, isCancelled } from '../../aws/errors.ts';
import { functionName } from '../../aws/functionArn.ts';
import { isGenerator } from '../../aws/manifest/jobManifest.ts';
import type { PermissionFinding, RoleCheck } from '../../aws/roles/roleCheck.ts';
import { BATCH_SERVICE, type BatchRoleInput } from '../../aws/roles/rolePolicy.ts';
import type { Session } from '../../services.ts';
import { jobManifest, targetsOf, type Draft } from './draft.ts';

/** What is wrong with a role for a job. */
export interface RoleIssues {
  readonly exists: boolean;
  /** Whether S3 Batch Operations may assume it; undefined when that cannot be read. */
  readonly trusted: boolean | undefined;
  readonly faults: readonly RoleFault[];
  /** What the job does without, but worse. */
  readonly hints?: readonly RoleFault[];
  /** False where the caller may not ask IAM all that matters. */
  readonly checked: boolean;
}

/**
 * Checks a role against what the drafted job does.
 *
 * @throws BrigadeError
 */
export async function findRoleIssues(
  clients: AwsClients,
  roleArn: string,
  draft: Draft,
  signal?: AbortSignal,
): Promise<RoleIssues> {
  const needs = roleNeeds(draft, clients.partition);
  if (needs === undefined) return { exists: true, trusted: undefined, faults: [], checked: true };
  const { checkRole } = await import('../../aws/roles/roleCheck.ts');
  try {
    return faultsOf(await checkRole(clients, { ...needs, roleArn }, { signal }));
  } catch (error) {
    if (!(error instanceof BrigadeError) || error.code !== 'NotFound') throw error;
    const consequence = l10n.t('The role doesn’t exist in this account');
    const faults = [{ consequence, detail: roleArn }];
    return { exists: false, trusted: undefined, faults, checked: true };
  }
}

function faultsOf(check: RoleCheck): RoleIssues {
  const untrusted = {
    consequence: l10n.t('S3 Batch Operations can’t assume this role'),
    detail: l10n.t('Its trust policy doesn’t name {0}', BATCH_SERVICE),
  };
  const hints = check.findings
    .filter(({ purpose, decision }) => purpose === 'detectMissing' && isDenied(decision))
    .map(describeMissing);
  return {
    exists: true,
    trusted: check.trusted,
    faults: [
      ...(check.trusted === false ? [untrusted] : []),
      ...missingPermissions(check).map(describeMissing),
    ],
    ...(hints.length > 0 && { hints }),
    checked: !isUnchecked(check),
  };
}

/** Whether nothing speaks against a role, and all that matters could be asked. */
export async function fitsJob(
  { clients }: Session,
  roleArn: string,
  draft: Draft,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    const { faults, checked } = await findRoleIssues(clients, roleArn, draft, signal);
    return checked && faults.length === 0;
  } catch (error) {
    if (isCancelled(error)) throw error;
    return false;
  }
}

/** One thing that is wrong with a role. */
export interface RoleFault {
  readonly consequence: string;
  readonly detail: string;
}

/** What the role of the job drafted so far has to be allowed. */
export function roleNeeds(
  { manifest, operation, report }: Draft,
  partition: string,
): (BatchRoleInput & { versions: boolean }) | undefined {
  if (manifest === undefined || operation === undefined) return undefined;
  const made = jobManifest(manifest, report);
  const named = roleOperation(operation, { partition, targets: targetsOf(manifest) });
  return {
    partition,
    operation: named,
    manifest: isGenerator(made) ? made : { bucket: made.bucket, key: made.key },
    ...(report && { report: { bucket: report.bucket, prefix: report.prefix } }),
    versions: !isGenerator(made) && made.fields.includes('VersionId'),
  };
}

/** What is denied to a role and would make the job or all its tasks fail. */
export function missingPermissions({ findings }: RoleCheck): PermissionFinding[] {
  return findings.filter(({ decision, optional }) => !optional && isDenied(decision));
}

export function isDenied(decision: PermissionFinding['decision']): boolean {
  return decision === 'explicitDeny' || decision === 'implicitDeny';
}

/** Whether something that matters could not be asked. */
export function isUnchecked({ trusted, findings }: RoleCheck): boolean {
  return (
    trusted === undefined ||
    findings.some(({ decision, optional }) => !optional && decision === 'unknown')
  );
}

/** What comes of a missing permission, and which it is. */
export function describeMissing({ action, pattern, purpose }: PermissionFinding): RoleFault {
  const permission = l10n.t('It lacks {0} on {1}', action, pattern);
  switch (purpose) {
    case 'tag':
      return { consequence: l10n.t('No object would be tagged'), detail: permission };
    case 'operate':
      return { consequence: l10n.t('No object could be processed'), detail: permission };
    case 'readSource':
      return { consequence: l10n.t('No object could be read'), detail: permission };
    case 'readLock':
      return { consequence: l10n.t('Object Lock couldn’t be read'), detail: permission };
    case 'readReplication':
      return {
        consequence: l10n.t('The replication rules couldn’t be read'),
        detail: permission,
      };
    case 'useKey':
      return { consequence: l10n.t('The KMS key couldn’t be used'), detail: permission };
    case 'detectMissing':
      return {
        consequence: l10n.t('Objects that don’t exist would be reported as AccessDenied'),
        detail: permission,
      };
    case 'invoke':
      return { consequence: l10n.t('The function couldn’t be invoked'), detail: permission };
    case 'generateManifest':
      return { consequence: l10n.t('The objects couldn’t be found'), detail: permission };
    case 'writeManifest':
      return {
        consequence: l10n.t('The generated manifest couldn’t be saved'),
        detail: permission,
      };
    case 'readManifest':
      return { consequence: l10n.t('The manifest couldn’t be read'), detail: permission };
    case 'writeReport':
      return { consequence: l10n.t('The report couldn’t be written'), detail: permission };
    case 'locateBuckets':
      return { consequence: l10n.t('A bucket couldn’t be located'), detail: permission };
  }
}

const ROLE_PREFIX: Readonly<Record<string, string>> = {
  S3PutObjectTagging: 'S3BatchTagging',
  S3DeleteObjectTagging: 'S3BatchTagging',
  S3PutObjectCopy: 'S3BatchCopy',
  S3InitiateRestoreObject: 'S3BatchRestore',
  S3ComputeObjectChecksum: 'S3BatchChecksum',
  S3UpdateObjectEncryption: 'S3BatchEncryption',
  S3PutObjectLegalHold: 'S3BatchLegalHold',
  S3PutObjectRetention: 'S3BatchRetention',
  S3PutObjectAcl: 'S3BatchAcl',
  S3ReplicateObject: 'S3BatchReplication',
};

/** A name for a role made for this job: as much as IAM's 64 characters allow. */
export function suggestedRoleName({ manifest, operation }: Draft): string {
  const bucket = (manifest && targetsOf(manifest)[0]?.bucket) ?? 'objects';
  const name =
    operation?.name === 'LambdaInvoke'
      ? `S3BatchInvoke-${functionName(operation.functionArn)}`
      : `${ROLE_PREFIX[operation?.name ?? ''] ?? 'S3Batch'}-${bucket}`;
  return name.replace(/[^\w+=,.@-]/g, '-').slice(0, 64);
}
