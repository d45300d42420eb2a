import type { OperationWarning } from '../batchJobs/operations/operationKind.ts';
import type { BrigadeError } from '../errors.ts';
import type { ManifestProblem } from '../manifest/manifestProblems.ts';
import type { Problem } from '../problems.ts';
import type { RolePermission } from '../roles/rolePolicy.ts';
import type { Fix } from './fix.ts';

/** `unchecked` is never as good as `passed`: nobody knows. */
export type CheckStatus = 'passed' | 'warned' | 'failed' | 'unchecked';

/** What is looked at; the order is that of a page. */
export const CHECK_IDS = [
  ...(['request', 'operation', 'manifest', 'manifestETag', 'manifestRows'] as const),
  ...([
    'manifestEncryption',
    'manifestDuplicates',
    'objects',
    'versions',
    'settings',
    'regions',
  ] as const),
  ...(['roleTrust', 'rolePermissions', 'keys', 'caller', 'function'] as const),
  ...(['report', 'events'] as const),
] as const;

export type CheckId = (typeof CHECK_IDS)[number];

/** One thing that was looked at before a job is created. */
export interface Check {
  readonly id: CheckId;
  readonly status: CheckStatus;
  /** What was looked at: an S3 URI, an ARN, the name of a bucket. */
  readonly subject: string;
  readonly reason: CheckReason;
  /** What puts it right, the best first. */
  readonly fixes?: readonly Fix[];
}

/** A permission on something. */
export interface MissingPermission {
  readonly action: string;
  /** What a policy would have to name. */
  readonly resource: string;
  /** A policy denies it: to allow it elsewhere changes nothing. */
  readonly isDenied: boolean;
}

/** Why a check ended so; `src/jobs/preflight/` has a sentence for each. */
export type CheckReason =
  /** It is as it should be. */
  | { readonly kind: 'fine' }
  /** Nobody could look: why not. */
  | { readonly kind: 'error'; readonly error: BrigadeError }
  // The request itself.
  | { readonly kind: 'limit'; readonly limit: RequestLimit; readonly most?: number }
  | { readonly kind: 'operationProblem'; readonly problem: Problem }
  | { readonly kind: 'unknownOperation'; readonly name: string }
  | { readonly kind: 'runsAtOnce' }
  | { readonly kind: 'operationWarning'; readonly warning: OperationWarning }
  // The manifest and the objects.
  | { readonly kind: 'rows'; readonly rows: number }
  | { readonly kind: 'rowsUnknown' }
  | { readonly kind: 'tooBig'; readonly bytes: number }
  | { readonly kind: 'generated'; readonly objects?: number; readonly isComplete?: boolean }
  | { readonly kind: 'noObjects' }
  | { readonly kind: 'missing' }
  | { readonly kind: 'staleETag'; readonly found: string }
  | { readonly kind: 'quotedETag' }
  | { readonly kind: 'customerKey' }
  | { readonly kind: 'fields'; readonly found: readonly string[] }
  | { readonly kind: 'problem'; readonly problem: ManifestProblem; readonly count: number }
  | { readonly kind: 'compared'; readonly compared: number; readonly rows: number | undefined }
  | { readonly kind: 'objectsAsked'; readonly asked: number }
  | { readonly kind: 'objectsMissing'; readonly missing: number; readonly asked: number }
  | { readonly kind: 'objectsDenied'; readonly denied: number; readonly asked: number }
  | { readonly kind: 'objectsNotAsked'; readonly rows: number | undefined }
  | { readonly kind: 'versionsNamed' }
  | { readonly kind: 'notVersioned' }
  | { readonly kind: 'latestVersions' }
  | { readonly kind: 'setting'; readonly setting: BucketSetting; readonly isOn: boolean }
  // Where things are.
  | { readonly kind: 'region'; readonly region: string }
  | {
      readonly kind: 'otherRegion';
      readonly part: RegionalPart;
      readonly region: string;
      readonly jobRegion: string;
    }
  // Who may do what.
  | { readonly kind: 'noRole' }
  | { readonly kind: 'otherAccount'; readonly accountId: string }
  | { readonly kind: 'untrusted' }
  | { readonly kind: 'trustUnknown' }
  | {
      readonly kind: 'allowed';
      readonly purpose: Purpose;
      readonly by: 'simulation' | 'policies';
    }
  | {
      readonly kind: 'notAllowed';
      readonly purpose: Purpose;
      readonly missing: readonly MissingPermission[];
    }
  | {
      readonly kind: 'permissionUnknown';
      readonly purpose: Purpose;
      readonly actions: readonly string[];
    }
  | { readonly kind: 'callerAllowed'; readonly actions: readonly string[] }
  | { readonly kind: 'callerNotAllowed'; readonly missing: readonly MissingPermission[] }
  | { readonly kind: 'callerUnknown'; readonly why: 'root' | 'federated' | 'denied' }
  | { readonly kind: 'keyPolicyUnread'; readonly key: string }
  // What the job leads to.
  | { readonly kind: 'noReport' }
  | { readonly kind: 'reportLocked'; readonly mode: string }
  | { readonly kind: 'reportAmongObjects' }
  | { readonly kind: 'noEvents' }
  | { readonly kind: 'events'; readonly event: SetOff }
  | { readonly kind: 'eventsUnknown' }
  | { readonly kind: 'functionState'; readonly state: string }
  | { readonly kind: 'functionAnswers' }
  | { readonly kind: 'functionUnknown' };

export type Purpose = RolePermission['purpose'];

/** What a bucket must have for an operation. */
export type BucketSetting = 'objectLock' | 'acls' | 'replication';

/** What has to be in the Region of the job. */
export type RegionalPart = 'manifest' | 'objects' | 'report' | 'function';

export type RequestLimit =
  | 'noOperation'
  | 'manifestOrGenerator'
  | 'priority'
  | 'description'
  | 'roleArn'
  | 'reportPrefix'
  | 'reportFormat'
  | 'jobTags'
  | 'keyFilter'
  | 'requestToken';

/** What a job's writes set off. */
export interface SetOff {
  readonly bucket: string;
  /** Of the function, queue or topic; undefined for Amazon EventBridge. */
  readonly destination?: string;
  /** `s3:ObjectTagging:Put` … */
  readonly event: string;
  /** How often at most; undefined where nobody knows how many objects there are. */
  readonly count?: number;
  /** Whether it is as often, and not only at most. */
  readonly isExact: boolean;
  readonly isReport: boolean;
}
