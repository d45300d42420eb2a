import { l10n } from 'vscode';
import type { PermissionFinding, RoleCheck } from '../../aws/roleCheck.ts';
import type { TaggingRoleInput } from '../../aws/rolePolicy.ts';
import type { Draft } from './draft.ts';

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

/** `s3:PutObjectTagging on arn:aws:s3:::images/*, needed to tag the objects`. */
export function describeMissing({ action, resource, purpose }: PermissionFinding): string {
  switch (purpose) {
    case 'tag':
      return l10n.t('{0} on {1}: without it no object is tagged', action, resource);
    case 'readManifest':
      return l10n.t('{0} on {1}: without it the manifest is not read', action, resource);
    case 'writeReport':
      return l10n.t('{0} on {1}: without it there is no report', action, resource);
    case 'locateBuckets':
      return l10n.t('{0} on {1}', action, resource);
  }
}

/** A name for a role made for this job: as much of the bucket's name as IAM's 64 characters allow. */
export function suggestedRoleName({ manifest }: Draft): string {
  const bucket = manifest?.buckets[0]?.bucket ?? 'objects';
  return `S3BatchTagging-${bucket}`.replace(/[^\w+=,.@-]/g, '-').slice(0, 64);
}
