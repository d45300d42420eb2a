import type { Job } from '../batchJobs/job.ts';
import type { OperationPlace } from '../batchJobs/operations/operationKind.ts';
import { roleOperation } from '../batchJobs/operations/operations.ts';
import { functionName } from '../functionArn.ts';
import { permissionsOf, type RolePermission } from '../roles/rolePolicy.ts';
import type { FailureGroup } from './failureGroups.ts';

/** What the job's role would have to be allowed. */
export interface NeededPermission {
  readonly actions: readonly string[];
  /** ARNs, as a policy names them. */
  readonly resources: readonly string[];
}

/** Why failures of one kind happened, as far as they tell. `src/jobs/report/` has a sentence for each. */
export type FailureCause =
  /** `needs` is empty where it is not known what the job does. */
  | { readonly kind: 'denied'; readonly needs: readonly NeededPermission[] }
  | { readonly kind: 'functionFailed'; readonly functionName: string }
  | { readonly kind: 'functionTimedOut'; readonly functionName: string }
  | { readonly kind: 'functionDenied'; readonly functionName: string }
  | { readonly kind: 'functionAnswer'; readonly functionName: string }
  | {
      readonly kind:
        | 'noObject'
        | 'noVersion'
        | 'noBucket'
        | 'versionNeeded'
        | 'archived'
        | 'deleteMarker'
        | 'locked'
        | 'tags'
        | 'request'
        | 'meanwhile'
        | 'temporary'
        | 'otherRegion'
        | 'unknown';
    };

type SimpleKind = Exclude<FailureCause['kind'], 'denied' | `function${string}`>;

/** By S3's error code (Amazon S3 API reference, "Error responses"). */
const BY_CODE: readonly (readonly [RegExp, SimpleKind])[] = [
  [/^(NoSuchKey|404|NotFound|KeyNotFound)$/, 'noObject'],
  [/^NoSuchVersion$/, 'noVersion'],
  [/^NoSuchBucket$/, 'noBucket'],
  [
    /^(PermanentRedirect|AuthorizationHeaderMalformed|IllegalLocationConstraintException)$/,
    'otherRegion',
  ],
  [/^(InvalidObjectState|RestoreAlreadyInProgress)$/, 'archived'],
  [/^MethodNotAllowed$/, 'deleteMarker'],
  [/^(ObjectLockConfigurationNotFoundError|InvalidRetentionPeriod)$/, 'locked'],
  [/^(InvalidTag|InvalidTagError|BadRequest)$/, 'tags'],
  [/^(PreconditionFailed|OperationAborted|ConditionalRequestConflict)$/, 'meanwhile'],
  [
    /^(SlowDown|InternalError|ServiceUnavailable|RequestTimeout|Throttling.*|TooManyRequests.*|TemporaryFailure|503|500)$/,
    'temporary',
  ],
  [/^(InvalidRequest|InvalidArgument|MalformedXML)$/, 'request'],
];

/** Tells why the rows of a group failed, by their code, their message and what the job does. */
export function causeOf(job: CausedJob | undefined, group: FailureGroup): FailureCause {
  const { errorCode, httpStatus, message } = group;
  if (/missing VersionId/i.test(message)) return { kind: 'versionNeeded' };
  // S3 asks for it only where there is no such object (Amazon S3 API reference, "GetObject").
  if (/not authorized to perform:? s3:ListBucket\b/.test(message)) return { kind: 'noObject' };
  if (job?.invocation && !isOfS3Batch(group)) {
    return causeInFunction(functionName(job.invocation.functionArn), message);
  }
  if (
    /^(AccessDenied|Forbidden|403)$/.test(errorCode) ||
    (errorCode === '' && httpStatus === 403)
  ) {
    return { kind: 'denied', needs: neededPermissions(job, group) };
  }
  const known = BY_CODE.find(([codes]) => codes.test(errorCode))?.[1];
  if (known !== undefined) return { kind: known };
  return { kind: (httpStatus ?? 0) >= 500 ? 'temporary' : 'unknown' };
}

export type CausedJob = Pick<Job, 'arn' | 'does' | 'invocation'>;

/** Not what the function said, but what kept it from being called. */
function isOfS3Batch({ errorCode, httpStatus }: FailureGroup): boolean {
  return errorCode === 'AccessDenied' || httpStatus === 403 || (httpStatus ?? 0) >= 500;
}

function causeInFunction(name: string, message: string): FailureCause {
  if (/timed out/i.test(message)) return { kind: 'functionTimedOut', functionName: name };
  if (/invalid JSON/i.test(message)) return { kind: 'functionAnswer', functionName: name };
  if (/access ?denied|not authorized|forbidden/i.test(message)) {
    return { kind: 'functionDenied', functionName: name };
  }
  if (/NoSuchKey/i.test(message)) return { kind: 'noObject' };
  if (/TooManyRequests|throttl|SlowDown|Rate exceeded/i.test(message)) return { kind: 'temporary' };
  return { kind: 'functionFailed', functionName: name };
}

/** What AWS's sentence says is missing; else all that the job needs for objects of these places. */
function neededPermissions(
  job: CausedJob | undefined,
  { message, places, hasVersions }: FailureGroup,
): NeededPermission[] {
  const partition = /^arn:([^:]+):/.exec(job?.arn ?? '')?.[1] ?? 'aws';
  const targets = places.map(({ bucket, prefix }) => ({
    bucket,
    prefix: prefix.slice(0, prefix.lastIndexOf('/') + 1),
  }));
  const all = job?.does === undefined ? [] : operationNeeds(job.does, { partition, targets });
  const named = /not authorized to perform:? ([\w-]+:\w+)(?: on resource: "?(arn:[^\s"]+))?/.exec(
    message,
  );
  const [, action, resource] = named ?? [];
  if (action === undefined) return all.map(one => forVersions(one, hasVersions));
  const known = all.find(({ actions }) => actions.includes(action));
  // AWS names the object; the job needs it on all of them.
  const resources = known?.resources ?? (resource === undefined ? [] : [resource]);
  return resources.length === 0 ? [] : [{ actions: [action], resources }];
}

const OTHER_PURPOSES: ReadonlySet<RolePermission['purpose']> = new Set<RolePermission['purpose']>([
  'detectMissing',
  'readManifest',
  'locateBuckets',
]);

/** What the operation needs, without what every job does. */
function operationNeeds(
  does: NonNullable<Job['does']>,
  { partition, targets }: OperationPlace,
): RolePermission[] {
  const operation = roleOperation(does, { partition, targets });
  const all = permissionsOf({ partition, operation, manifest: { bucket: '', key: '' } });
  return all.filter(({ purpose }) => !OTHER_PURPOSES.has(purpose));
}

/** Versions have permissions of their own: `s3:GetObjectVersion` for `s3:GetObject`. */
function forVersions(
  { actions, resources }: RolePermission,
  hasVersions: boolean,
): NeededPermission {
  const versioned = (action: string): string => action.replace('Object', 'ObjectVersion');
  const wanted = actions.filter(action =>
    hasVersions
      ? !actions.includes(versioned(action)) || action.includes('ObjectVersion')
      : !action.includes('ObjectVersion'),
  );
  return { actions: wanted, resources };
}
