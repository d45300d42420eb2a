import { unqualified } from '../functionArn.ts';
import type { ManifestGenerator } from '../manifest/jobManifest.ts';
import { bucketArn, objectArn } from '../s3Uri.ts';
import {
  below,
  trustPolicy,
  withoutWildcards,
  type PolicyDocument,
  type PolicyStatement,
} from './policyStatement.ts';

/** Whom a batch job's role must trust (Amazon S3 user guide, "Granting permissions"). */
export const BATCH_SERVICE = 'batchoperations.s3.amazonaws.com';

/** What a job does, so what its role needs. */
export interface BatchRoleInput {
  readonly partition: string;
  readonly operation: RoleOperation;
  /** An object with the manifest, or the bucket of which S3 makes one and where it puts it. */
  readonly manifest:
    { readonly bucket: string; readonly key: string } | Omit<ManifestGenerator, 'suffix'>;
  readonly report?: { readonly bucket: string; readonly prefix?: string };
}

export type RoleOperation =
  | {
      readonly name: 'S3PutObjectTagging' | 'S3DeleteObjectTagging';
      /** Whose objects are tagged; all of a bucket, or those below a prefix. */
      readonly targets: readonly { readonly bucket: string; readonly prefix?: string }[];
    }
  /** The function reads and writes objects as its own role. */
  | { readonly name: 'LambdaInvoke'; readonly functionArn: string }
  /** Any other: what it needs is said with it (`src/aws/batchJobs/operations/`). */
  | {
      readonly name: string;
      readonly targets: readonly { readonly bucket: string; readonly prefix?: string }[];
      readonly permissions: readonly RolePermission[];
    };

type TagOperation = Extract<RoleOperation, { readonly name: keyof typeof TAG_ACTIONS }>;

const TAG_ACTIONS = {
  S3PutObjectTagging: ['s3:PutObjectTagging', 's3:PutObjectVersionTagging'],
  S3DeleteObjectTagging: ['s3:DeleteObjectTagging', 's3:DeleteObjectVersionTagging'],
} as const;

/** The trust policy of a batch job's role. */
export function batchTrustPolicy() {
  return trustPolicy(BATCH_SERVICE);
}

/**
 * The least a job's role needs (Amazon S3 user guide, "Granting permissions for Amazon S3 Batch
 * Operations"): do what the job does, read or make the manifest, write the report.
 */
export function batchRolePolicy(input: BatchRoleInput): PolicyDocument {
  return { Version: '2012-10-17', Statement: permissionsOf(input).map(statementOf) };
}

/** One kind of thing the job does, and on what. */
export interface RolePermission {
  readonly purpose: keyof typeof SIDS;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

/** The same as `batchRolePolicy` by purpose, to ask about each or to say what it is for. */
export function permissionsOf(input: BatchRoleInput): RolePermission[] {
  const { partition, manifest, report } = input;
  const kept = 'key' in manifest ? manifest : manifest.output;
  const buckets = [kept?.bucket, report?.bucket].filter(bucket => bucket !== undefined);
  return [
    ...operationPermissions(partition, input.operation),
    ...detectMissing(partition, input),
    ...manifestPermissions(partition, manifest),
    ...(report === undefined ? [] : [reportPermission(partition, report)]),
    ...(buckets.length === 0
      ? []
      : [
          {
            purpose: 'locateBuckets',
            actions: ['s3:GetBucketLocation'],
            resources: [...new Set(buckets)].map(bucket => bucketArn(partition, bucket)),
          } as const,
        ]),
  ];
}

/** What a role needs for what the job does to each object. */
export function operationPermissions(
  partition: string,
  operation: RoleOperation,
): readonly RolePermission[] {
  if ('permissions' in operation) return operation.permissions;
  if ('targets' in operation) return [tagPermission(partition, operation)];
  const name = unqualified(operation.functionArn);
  // The second covers all versions and aliases, which IAM takes for functions of their own.
  const resources = [name, `${name}:*`];
  return [{ purpose: 'invoke', actions: ['lambda:InvokeFunction'], resources }];
}

function tagPermission(partition: string, { name, targets }: TagOperation): RolePermission {
  const resources = targets.map(({ bucket, prefix }) => below(partition, bucket, prefix));
  return { purpose: 'tag', actions: TAG_ACTIONS[name], resources };
}

/**
 * Without s3:ListBucket S3 says AccessDenied of an object that is not there (Amazon S3 API reference,
 * "GetObject"): nobody could tell it from one that may not be tagged. A manifest made of the bucket
 * needs it anyway.
 */
function detectMissing(
  partition: string,
  { operation, manifest }: BatchRoleInput,
): RolePermission[] {
  if (!('targets' in operation)) return [];
  const listed = 'key' in manifest ? undefined : manifest.sourceBucket;
  const buckets = new Set(operation.targets.map(({ bucket }) => bucket));
  if (listed !== undefined) buckets.delete(listed);
  const resources = [...buckets].map(bucket => bucketArn(partition, bucket));
  return resources.length === 0
    ? []
    : [{ purpose: 'detectMissing', actions: ['s3:ListBucket'], resources }];
}

function manifestPermissions(
  partition: string,
  manifest: BatchRoleInput['manifest'],
): RolePermission[] {
  const read = ['s3:GetObject', 's3:GetObjectVersion'];
  if ('key' in manifest) {
    const resources = manifestResources(partition, manifest);
    return [{ purpose: 'readManifest', actions: read, resources }];
  }
  const { sourceBucket, output } = manifest;
  const generate = {
    purpose: 'generateManifest',
    actions: ['s3:PutInventoryConfiguration', 's3:ListBucket'],
    resources: [bucketArn(partition, sourceBucket)],
  } as const;
  if (output === undefined) return [generate];
  const resources = [below(partition, output.bucket, output.prefix)];
  return [
    generate,
    { purpose: 'writeManifest', actions: ['s3:PutObject'], resources },
    { purpose: 'readManifest', actions: read, resources },
  ];
}

function reportPermission(
  partition: string,
  { bucket, prefix = '' }: NonNullable<BatchRoleInput['report']>,
): RolePermission {
  // S3 puts a slash behind the prefix even where it ends in one.
  const resource = below(partition, bucket, prefix === '' ? 'job-' : `${prefix}/job-`);
  return { purpose: 'writeReport', actions: ['s3:PutObject'], resources: [resource] };
}

/**
 * A CSV alone, or an inventory's manifest.json with its data: that lies in `data/` beside the dated
 * folder of the manifest (Amazon S3 user guide, "Locating your inventory list").
 */
function manifestResources(
  partition: string,
  { bucket, key }: { readonly bucket: string; readonly key: string },
): string[] {
  const own = objectArn(partition, bucket, withoutWildcards(key));
  const inventory = /^(.+\/)[^/]+\/manifest\.json$/.exec(key)?.[1];
  return inventory === undefined
    ? [own]
    : [own, objectArn(partition, bucket, `${withoutWildcards(inventory)}data/*`)];
}

const SIDS = {
  tag: 'Tag',
  operate: 'Operate',
  readSource: 'Source',
  readLock: 'ObjectLock',
  readReplication: 'Replication',
  useKey: 'Key',
  detectMissing: 'TellMissing',
  invoke: 'Invoke',
  generateManifest: 'GenerateManifest',
  writeManifest: 'WriteManifest',
  readManifest: 'Manifest',
  writeReport: 'Report',
  locateBuckets: 'Location',
} as const;

function statementOf({ purpose, actions, resources }: RolePermission): PolicyStatement {
  return { Sid: SIDS[purpose], Effect: 'Allow', Action: actions, Resource: resources };
}
