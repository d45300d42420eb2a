import { l10n } from 'vscode';
import type { PermissionFinding, RoleCheck } from '../../aws/roleCheck.ts';
import type { TaggingRoleInput } from '../../aws/rolePolicy.ts';
import type { Draft } from './draft.ts';

/** One thing that is wrong with a role. */
export interface RoleFault {
  readonly consequence: string;
  readonly detail: string;
}

/** What the role of the job drafted so far has to be allowed. */
export function roleNeeds(
  { manifest, report, tags }: Draft,
  partition: string,
): (TaggingRoleInput & { versions: boolean }) | undefined {
  if (manifest === undefined) return undefined;
  return {
    partition,
    targets: manifest.buckets.map(({ bucket }) => ({ bucket })),
    manifest: { bucket: manifest.bucket, key: manifest.key },
    ...(report && { report: { bucket: report.bucket, prefix: report.prefix } }),
    operation: tags?.length === 0 ? 'delete' : 'replace',
    versions: manifest.fields.includes('VersionId'),
  };
}

/** What is denied to a role and would make the job or all its tasks fail. */
export function missingPermissions({ findings }: RoleCheck): PermissionFinding[] {
  return findings.filter(
    ({ decision, optional }) =>
      !optional && (decision === 'explicitDeny' || decision === 'implicitDeny'),
  );
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
    case 'readManifest':
      return { consequence: l10n.t('The manifest could not be read'), detail: permission };
    case 'writeReport':
      return { consequence: l10n.t('The report could not be written'), detail: permission };
    case 'locateBuckets':
      return { consequence: l10n.t('A bucket could not be located'), detail: permission };
  }
}

/** A name for a role made for this job: as much of the bucket's name as IAM's 64 characters allow. */
export function suggestedRoleName({ manifest }: Draft): string {
  const bucket = manifest?.buckets[0]?.bucket ?? 'objects';
  return `S3BatchTagging-${bucket}`.replace(/[^\w+=,.@-]/g, '-').slice(0, 64);
}
