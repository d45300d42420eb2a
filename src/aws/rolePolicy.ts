import { bucketArn, objectArn } from './s3Uri.ts';

/** Whom a batch job's role must trust (Amazon S3 user guide, "Granting permissions"). */
export const BATCH_SERVICE = 'batchoperations.s3.amazonaws.com';

export interface PolicyStatement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
}

export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly PolicyStatement[];
}

/** What a job does, so what its role needs. */
export interface TaggingRoleInput {
  readonly partition: string;
  /** Whose objects are tagged; all of a bucket, or those below a prefix. */
  readonly targets: readonly { readonly bucket: string; readonly prefix?: string }[];
  readonly manifest: { readonly bucket: string; readonly key: string };
  readonly report?: { readonly bucket: string; readonly prefix?: string };
  /** `replace` writes tag sets (the default), `delete` removes them. */
  readonly operation?: 'replace' | 'delete';
}

const TAG_ACTIONS = {
  replace: ['s3:PutObjectTagging', 's3:PutObjectVersionTagging'],
  delete: ['s3:DeleteObjectTagging', 's3:DeleteObjectVersionTagging'],
} as const;

/** The trust policy of a batch job's role. */
export function batchTrustPolicy() {
  return {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { Service: BATCH_SERVICE }, Action: 'sts:AssumeRole' },
    ],
  } as const;
}

/**
 * The least a tagging job's role needs (Amazon S3 user guide, "Granting permissions for Amazon S3
 * Batch Operations"): tag the targets, read the manifest, write the report.
 */
export function taggingRolePolicy(input: TaggingRoleInput): PolicyDocument {
  return { Version: '2012-10-17', Statement: permissionsOf(input).map(statementOf) };
}

/** One kind of thing the job does, and on what. */
export interface RolePermission {
  readonly purpose: 'tag' | 'readManifest' | 'writeReport' | 'locateBuckets';
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

/** The same as `taggingRolePolicy` by purpose, to ask about each or to say what it is for. */
export function permissionsOf(input: TaggingRoleInput): RolePermission[] {
  const { partition, targets, manifest, report, operation = 'replace' } = input;
  const below = (bucket: string, prefix = '') =>
    objectArn(partition, bucket, `${withoutWildcards(prefix)}*`);
  const buckets = [manifest.bucket, ...(report === undefined ? [] : [report.bucket])];
  const permissions: RolePermission[] = [
    {
      purpose: 'tag',
      actions: TAG_ACTIONS[operation],
      resources: targets.map(target => below(target.bucket, target.prefix)),
    },
    {
      purpose: 'readManifest',
      actions: ['s3:GetObject', 's3:GetObjectVersion'],
      resources: manifestResources(partition, manifest),
    },
  ];
  if (report !== undefined) {
    const prefix = (report.prefix ?? '').replace(/\/+$/, '');
    const folder = prefix === '' ? 'job-' : `${prefix}/job-`;
    permissions.push({
      purpose: 'writeReport',
      actions: ['s3:PutObject'],
      resources: [below(report.bucket, folder)],
    });
  }
  permissions.push({
    purpose: 'locateBuckets',
    actions: ['s3:GetBucketLocation'],
    resources: [...new Set(buckets)].map(bucket => bucketArn(partition, bucket)),
  });
  return permissions;
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

/** In a policy `*` and `?` match anything and `$` begins a variable; these stand for themselves. */
function withoutWildcards(text: string): string {
  return text.replace(/[*?$]/g, character => `\${${character}}`);
}

const SIDS: Readonly<Record<RolePermission['purpose'], string>> = {
  tag: 'Tag',
  readManifest: 'Manifest',
  writeReport: 'Report',
  locateBuckets: 'Location',
};

function statementOf({ purpose, actions, resources }: RolePermission): PolicyStatement {
  return { Sid: SIDS[purpose], Effect: 'Allow', Action: actions, Resource: resources };
}
