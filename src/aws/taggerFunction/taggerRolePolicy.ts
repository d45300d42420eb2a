import { logStatement } from '../roles/functionRolePolicy.ts';
import type { PolicyDocument, PolicyStatement } from '../roles/policyStatement.ts';
import { withoutWildcards } from '../roles/policyStatement.ts';
import { bucketArn, objectArn } from '../s3Uri.ts';

/** Where jobs write their reports, so where the tagger writes its records. */
export interface ReportPlace {
  readonly bucket: string;
  readonly prefix?: string;
}

/** What the tagger may touch, so what its role allows. */
export interface TaggerRoleInput {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
  readonly functionName: string;
  /** Whose objects it may tag. */
  readonly buckets: readonly string[];
  readonly reports: readonly ReportPlace[];
}

/**
 * The least that the tagger needs: write its own log, read and write the tags of the objects of the buckets
 * that are listed, and write and read its records beside the reports. Without s3:ListBucket S3 says
 * AccessDenied of an object that is not there.
 */
export function taggerRolePolicy(input: TaggerRoleInput): PolicyDocument {
  const { partition, buckets, reports } = input;
  const listed = new Set([...buckets, ...reports.map(({ bucket }) => bucket)]);
  const statements: PolicyStatement[] = [
    logStatement(input),
    {
      Sid: 'Tag',
      Effect: 'Allow',
      Action: [
        ...['s3:GetObjectTagging', 's3:GetObjectVersionTagging'],
        ...['s3:PutObjectTagging', 's3:PutObjectVersionTagging'],
      ],
      Resource: buckets.map(bucket => objectArn(partition, bucket, '*')),
    },
    {
      Sid: 'Record',
      Effect: 'Allow',
      Action: ['s3:GetObject', 's3:PutObject'],
      Resource: reports.map(place => recordsArn(partition, place)),
    },
    {
      Sid: 'TellMissing',
      Effect: 'Allow',
      Action: 's3:ListBucket',
      Resource: [...listed].map(bucket => bucketArn(partition, bucket)),
    },
  ];
  // IAM takes no statement about nothing.
  const Statement = statements.filter(({ Resource }) => Resource.length > 0);
  return { Version: '2012-10-17', Statement };
}

/** `arn:aws:s3:::bucket/prefix/job-…/before/*`. */
function recordsArn(partition: string, place: ReportPlace): string {
  return reportArn(partition, place, 'job-*/before/*');
}

/** What is beside a place's reports, in whose prefix wildcards stand for themselves. */
export function reportArn(
  partition: string,
  { bucket, prefix = '' }: ReportPlace,
  pattern: string,
): string {
  const folder = prefix === '' ? '' : `${withoutWildcards(prefix.replace(/\/+$/, ''))}/`;
  return objectArn(partition, bucket, `${folder}${pattern}`);
}

/** What a role's policy lets the tagger touch: what `taggerRolePolicy` wrote, read back. */
export function readTaggerPolicy(
  document: string,
): Pick<TaggerRoleInput, 'buckets' | 'reports'> | undefined {
  try {
    const { Statement } = JSON.parse(document) as { Statement?: unknown };
    if (!Array.isArray(Statement)) return undefined;
    const resources = (sid: string): string[] => resourcesOf(Statement, sid);
    return {
      buckets: resources('Tag').flatMap(arn => /^arn:[^:]+:s3:::([^/]+)\/\*$/.exec(arn)?.[1] ?? []),
      reports: resources('Record').flatMap(arn => placeOf(arn) ?? []),
    };
  } catch {
    return undefined;
  }
}

function resourcesOf(statements: readonly unknown[], sid: string): string[] {
  const statement = statements.find(each => (each as { Sid?: unknown } | null)?.Sid === sid);
  const { Resource: resource } = (statement ?? {}) as { Resource?: string | string[] };
  return [resource ?? []].flat();
}

function placeOf(arn: string): ReportPlace | undefined {
  const [, bucket, folder] =
    /^arn:[^:]+:s3:::([^/]+)\/(?:(.*)\/)?job-\*\/before\/\*$/s.exec(arn) ?? [];
  if (bucket === undefined) return undefined;
  const prefix = folder?.replace(/\$\{([*?$])\}/g, '$1');
  return { bucket, ...(prefix && { prefix }) };
}
