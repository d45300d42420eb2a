import { l10n } from 'vscode';
import type { FailureCause, NeededPermission } from '../../aws/report/failureCause.ts';
import type { RoleDenial } from '../../aws/report/roleDenial.ts';
import { roleName } from '../../aws/roles/roleNames.ts';
import { formatList } from '../../vscode/formats.ts';

/** What is known of the role that was denied something. */
export interface DeniedRole {
  readonly roleArn?: string | undefined;
  /** What IAM says of it; not known yet, or not to be asked. */
  readonly denial?: RoleDenial | undefined;
}

/** Why failures of one kind happened and what helps, in a sentence or two. */
export function causeText(cause: FailureCause, role: DeniedRole = {}): string {
  switch (cause.kind) {
    case 'denied':
      return deniedText(cause.needs, role);
    case 'functionFailed':
      return l10n.t(
        'The function {0} failed for these objects. Its message is below; see its log for details.',
        cause.functionName,
      );
    case 'functionTimedOut':
      return l10n.t(
        'The function {0} timed out. Increase its timeout or memory, then retry.',
        cause.functionName,
      );
    case 'functionDenied':
      return l10n.t(
        'The function {0} was denied access. Its execution role must allow it, not the job’s role.',
        cause.functionName,
      );
    case 'functionAnswer':
      return l10n.t(
        'The function {0} didn’t return what S3 Batch Operations expects: a function written for events can’t be invoked by a job.',
        cause.functionName,
      );
    default:
      return simpleText(cause.kind);
  }
}

function deniedText(needs: readonly NeededPermission[], { roleArn, denial }: DeniedRole): string {
  const role = roleName(roleArn ?? '');
  if (denial?.decision === 'implicitDeny') {
    return l10n.t(
      'The role {0} lacks {1}. Add it to the role, then retry.',
      role,
      permissionsText(denial.missing),
    );
  }
  if (denial?.decision === 'explicitDeny') {
    return l10n.t(
      'A policy of the role {0} explicitly denies {1}. Change that policy, then retry.',
      role,
      permissionsText(needs),
    );
  }
  if (denial?.decision === 'allowed') {
    return l10n.t(
      'The policies of the role {0} allow {1}. So either something else denies it (the bucket’s policy, a KMS key, an organization’s policy), or the objects don’t exist and the role lacks s3:ListBucket on the bucket, without which S3 doesn’t say so.',
      role,
      permissionsText(needs),
    );
  }
  const missing = l10n.t(
    'The role may not do this, or the object doesn’t exist: S3 distinguishes the two only if the role has s3:ListBucket on the bucket.',
  );
  return needs.length === 0
    ? missing
    : `${missing} ${l10n.t('It needs {0}.', permissionsText(needs))}`;
}

/** `s3:PutObjectTagging on arn:aws:s3:::images/a/*`. */
export function permissionsText(permissions: readonly NeededPermission[]): string {
  return permissions
    .map(({ actions, resources }) =>
      l10n.t('{0} on {1}', formatList(actions), formatList(resources.map(shortArn))),
    )
    .join('; ');
}

/** What is an object or bucket is known by its name. */
function shortArn(arn: string): string {
  return arn.replace(/^arn:[^:]+:s3:::/, '');
}

function simpleText(kind: Exclude<FailureCause['kind'], 'denied' | `function${string}`>): string {
  switch (kind) {
    case 'noObject':
      return l10n.t(
        'The objects don’t exist: they were deleted since the manifest was made, or their keys aren’t URL-encoded in it. A retry helps only once they are there.',
      );
    case 'noVersion':
      return l10n.t('These versions of the objects no longer exist.');
    case 'noBucket':
      return l10n.t(
        'The bucket doesn’t exist. A header row in the manifest causes this too: S3 treats it as an object.',
      );
    case 'versionNeeded':
      return l10n.t(
        'The manifest has a version ID column that is empty here. Drop the column, or write null for objects without a version.',
      );
    case 'archived':
      return l10n.t(
        'The objects are archived and must be restored first, which another job can do.',
      );
    case 'deleteMarker':
      return l10n.t('The newest version is a delete marker: the objects count as deleted.');
    case 'locked':
      return l10n.t('The bucket has no Object Lock, or its retention forbids the change.');
    case 'tags':
      return l10n.t('S3 refused the tags. Its message is below.');
    case 'request':
      return l10n.t('S3 refused the request for these objects. Its message is below.');
    case 'meanwhile':
      return l10n.t('Something else changed the objects at the same time. A retry should succeed.');
    case 'temporary':
      return l10n.t('S3 was busy or had an internal error. A retry should succeed.');
    case 'otherRegion':
      return l10n.t(
        'The bucket is in another Region: a job works only on buckets of its own Region.',
      );
    case 'unknown':
      return l10n.t('S3’s message is below.');
  }
}
