import { l10n } from 'vscode';
import type { PermissionFinding, RoleCheck } from '../../aws/roles/roleCheck.ts';
import { isGenerator } from '../../aws/manifest/jobManifest.ts';
import type { BatchRoleInput, RoleOperation } from '../../aws/roles/rolePolicy.ts';
import { functionName } from '../../aws/functionArn.ts';
import { jobManifest, targetsOf, type Draft } from './draft.ts';

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
  const named: RoleOperation =
    operation.name === 'LambdaInvoke'
      ? { name: operation.name, functionArn: operation.functionArn }
      : { name: operation.name, targets: targetsOf(manifest) };
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
    case 'tellMissing':
      return {
        consequence: l10n.t('Objects that don’t exist would be reported as AccessDenied'),
        detail: permission,
      };
    case 'invoke':
      return { consequence: l10n.t('The function could not be invoked'), detail: permission };
    case 'generateManifest':
      return { consequence: l10n.t('The objects could not be found'), detail: permission };
    case 'writeManifest':
      return { consequence: l10n.t('The list of objects could not be kept'), detail: permission };
    case 'readManifest':
      return { consequence: l10n.t('The manifest could not be read'), detail: permission };
    case 'writeReport':
      return { consequence: l10n.t('The report could not be written'), detail: permission };
    case 'locateBuckets':
      return { consequence: l10n.t('A bucket could not be located'), detail: permission };
  }
}

/** A name for a role made for this job: as much as IAM's 64 characters allow. */
export function suggestedRoleName({ manifest, operation }: Draft): string {
  const bucket = (manifest && targetsOf(manifest)[0]?.bucket) ?? 'objects';
  const name =
    operation?.name === 'LambdaInvoke'
      ? `S3BatchInvoke-${functionName(operation.functionArn)}`
      : `S3BatchTagging-${bucket}`;
  return name.replace(/[^\w+=,.@-]/g, '-').slice(0, 64);
}
