import { AwsError, notImplemented } from '../../errors.ts';
import {
  accessDenied,
  callerContext,
  conditionContext,
  decideByIdentity,
} from '../../iam/authorize.ts';
import { statementMatches } from '../../iam/evaluatePolicies.ts';
import type { Decision, PolicyRequest } from '../../iam/evaluatePolicies.ts';
import type { ConditionContext } from '../../iam/condition.ts';
import type { Policy } from '../../iam/policy.ts';
import type { RoleTable } from '../../iam/roleTable.ts';
import type { Principal, RequestContext } from '../../principal.ts';
import { allowsAcls } from '../store/bucketConfiguration.ts';
import type { Bucket } from '../store/buckets.ts';
import type { S3Store } from '../store/s3Store.ts';
import { aclAllows } from './aclAccess.ts';
import { noSuchBucket } from '../errors.ts';
import { parseBucketPolicy } from './bucketPolicy.ts';
import { matchesPrincipal } from './policyPrincipals.ts';
import { isPublic } from './publicPolicy.ts';

/** What is asked to decide about access to S3. */
export interface AccessContext {
  readonly accountId: string;
  readonly iam: RoleTable;
  readonly s3: Pick<S3Store, 'buckets' | 'versions' | 'acls'>;
}

/**
 * Lets the caller do an action of S3, or throws. The caller's own policies and the bucket's count together:
 * within one account either may allow, and either may deny (IAM user guide, "Policy evaluation logic").
 * @param action e.g. `s3:PutObjectTagging`
 * @param resource the ARN of a bucket or an object, or `*` where the action has none
 * @throws AwsError NoSuchBucket, AccessDenied
 */
export function authorize(
  services: AccessContext,
  caller: Principal,
  action: string,
  resource: string,
  context: RequestContext = {},
): void {
  const bucket = bucketOf(services, action, resource);
  // The most frequent case by far.
  if (caller.kind === 'user' && !bucket?.policy) return;
  const { decision, source } = decide(services, { caller, action, resource, context }, bucket);
  if (decision === 'allowed') {
    if (caller.kind === 'anonymous') checkOwnerOf(action, bucket);
    return;
  }
  if (caller.kind === 'anonymous') throw new AwsError('AccessDenied', 403, 'Access Denied');
  throw accessDenied(caller, action, resource, decision, source);
}

/**
 * What nobody writes into a bucket with ACLs belongs to nobody: AWS then keeps its bucket's owner out of
 * it, and the sandbox knows one owner only.
 */
function checkOwnerOf(action: string, bucket: Bucket | undefined): void {
  if (action !== 's3:PutObject' || !bucket || !allowsAcls(bucket)) return;
  throw notImplemented('PutObject without credentials into a bucket with ACLs');
}

const SOME_BUCKET = /^arn:aws:s3:::([^/]+)/;

/** The bucket that an ARN names; before it is made there is none to ask. */
function bucketOf({ s3 }: AccessContext, action: string, resource: string): Bucket | undefined {
  const name = SOME_BUCKET.exec(resource)?.[1];
  if (name === undefined) return undefined;
  const bucket = s3.buckets.find(name);
  if (!bucket && !BEFORE_THE_BUCKET.has(action)) throw noSuchBucket(name);
  return bucket;
}

const BEFORE_THE_BUCKET: ReadonlySet<string> = new Set([
  's3:CreateBucket',
  's3:TagResource',
  's3:PutBucketOwnershipControls',
  's3:PutBucketAcl',
]);

interface AccessRequest {
  readonly caller: Principal;
  readonly action: string;
  readonly resource: string;
  readonly context: RequestContext;
}

interface Decided {
  readonly decision: Decision;
  /** Whose word it is. */
  readonly source: 'identity' | 'resource';
}

function decide(
  services: AccessContext,
  asked: AccessRequest,
  bucket: Bucket | undefined,
): Decided {
  const { caller, action, resource } = asked;
  let values: ConditionContext | undefined;
  const request: PolicyRequest = {
    action,
    resource,
    context: () => (values ??= conditionContext(contextOf(services, asked))),
  };
  const own = decideByIdentity(services.iam, caller, request);
  if (own === 'explicitDeny') return { decision: own, source: 'identity' };
  const policys = bucket ? decideByPolicy(bucket, caller, request) : 'implicitDeny';
  // So nobody locks himself out: the account's root may always change a bucket's policy (API reference,
  // "PutBucketPolicy"), for whom the sandbox's user stands here.
  const recovers = caller.kind !== 'role' && own === 'allowed' && RECOVERY.has(action);
  if (policys === 'explicitDeny' && !recovers) return { decision: policys, source: 'resource' };
  const allowed =
    own === 'allowed' ||
    policys === 'allowed' ||
    (bucket !== undefined && aclAllows(services.s3, bucket, asked));
  return { decision: allowed ? 'allowed' : 'implicitDeny', source: 'identity' };
}

const RECOVERY: ReadonlySet<string> = new Set([
  's3:GetBucketPolicy',
  's3:PutBucketPolicy',
  's3:DeleteBucketPolicy',
]);

function contextOf(
  { accountId, iam }: AccessContext,
  { caller, context }: AccessRequest,
): RequestContext {
  return {
    ...callerContext(iam, caller),
    'aws:ResourceAccount': accountId,
    's3:ResourceAccount': accountId,
    ...caller.requestContext?.(),
    ...context,
  };
}

/** What a bucket's policy says of a request. */
function decideByPolicy(bucket: Bucket, caller: Principal, request: PolicyRequest): Decision {
  const { policy: stored, publicAccessBlock } = bucket;
  if (!stored) return 'implicitDeny';
  const { policy, open } = parsed(bucket);
  // A public policy is then for the account alone (user guide, "RestrictPublicBuckets").
  const restricted =
    caller.kind === 'anonymous' && open && publicAccessBlock?.restrictPublicBuckets === true;
  let decision: Decision = 'implicitDeny';
  for (const statement of policy.statements) {
    if (statement.effect === 'Allow' && (restricted || decision === 'allowed')) continue;
    if (!matchesPrincipal(statement, caller, stored.roles)) continue;
    if (!statementMatches(statement, request)) continue;
    if (statement.effect === 'Deny') return 'explicitDeny';
    decision = 'allowed';
  }
  return decision;
}

const known = new WeakMap<Bucket, { readonly policy: Policy; readonly open: boolean }>();

/** A bucket's record is another one as soon as anything of it changes. */
function parsed(bucket: Bucket): { readonly policy: Policy; readonly open: boolean } {
  const before = known.get(bucket);
  if (before) return before;
  // Who was there when the policy was put may be gone by now.
  const policy = parseBucketPolicy(bucket.policy?.document ?? '', bucket.name, () => true);
  const result = { policy, open: isPublic(policy) };
  known.set(bucket, result);
  return result;
}
