import type { PolicyDocument, PolicyStatement } from '../roles/policyStatement.ts';
import { bucketArn } from '../s3Uri.ts';
import { reportArn, type ReportPlace } from './taggerRolePolicy.ts';

/** Below a report's place: where the manifests of the tagger's jobs are. */
export const MANIFEST_FOLDER = 'manifests/';

/** What jobs of the tagger do as their own role. */
export interface TaggerJobRoleInput {
  readonly partition: string;
  readonly functionArn: string;
  /** Of which S3 may make a manifest. */
  readonly buckets: readonly string[];
  readonly reports: readonly ReportPlace[];
}

/**
 * The least that jobs of the tagger need (Amazon S3 user guide, "Granting permissions for Amazon S3 Batch
 * Operations"): call it, make or read the manifest, write the report. Objects are none of their business.
 */
export function taggerJobRolePolicy(input: TaggerJobRoleInput): PolicyDocument {
  const { partition, functionArn, buckets, reports } = input;
  const places = [...new Set(reports.map(({ bucket }) => bucket))];
  const beside = (pattern: string): string[] =>
    reports.map(place => reportArn(partition, place, pattern));
  const statements: PolicyStatement[] = [
    // The second covers versions and aliases, which IAM takes for functions of their own.
    allow('Invoke', ['lambda:InvokeFunction'], [functionArn, `${functionArn}:*`]),
    allow(
      'Manifest',
      ['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject'],
      beside(`${MANIFEST_FOLDER}*`),
    ),
    allow(
      'GenerateManifest',
      ['s3:PutInventoryConfiguration', 's3:ListBucket'],
      buckets.map(bucket => bucketArn(partition, bucket)),
    ),
    allow('Report', ['s3:PutObject'], beside('job-*')),
    allow(
      'Location',
      ['s3:GetBucketLocation'],
      places.map(bucket => bucketArn(partition, bucket)),
    ),
  ];
  // IAM takes no statement about nothing.
  const Statement = statements.filter(({ Resource }) => Resource.length > 0);
  return { Version: '2012-10-17', Statement };
}

function allow(
  Sid: string,
  Action: readonly string[],
  Resource: readonly string[],
): PolicyStatement {
  return { Sid, Effect: 'Allow', Action, Resource };
}
