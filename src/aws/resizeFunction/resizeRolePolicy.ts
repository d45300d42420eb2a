import { logStatement } from '../roles/functionRolePolicy.ts';
import { below, type PolicyDocument, type PolicyStatement } from '../roles/policyStatement.ts';
import { bucketArn } from '../s3Uri.ts';
import { writtenPrefix } from './resizeProblems.ts';

/** What the resize function does, so what its role needs. */
export interface ResizeRoleInput {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
  readonly functionName: string;
  readonly bucket: string;
  /** Empty: the whole bucket. */
  readonly prefix: string;
  readonly destinationBucket: string;
  readonly keyTemplate: string;
  readonly keepTags: boolean;
}

/**
 * The least that the resize function's role needs: write its own log, read the source objects (old
 * versions too, for batch jobs name versions), write the resized ones.
 */
export function resizeRolePolicy(input: ResizeRoleInput): PolicyDocument {
  const { partition, bucket } = input;
  return {
    Version: '2012-10-17',
    Statement: [
      ...resizeStatements(input),
      {
        // Without it S3 says AccessDenied of an object that is not there.
        Sid: 'TellMissing',
        Effect: 'Allow',
        Action: 's3:ListBucket',
        Resource: bucketArn(partition, bucket),
      },
    ],
  };
}

/** What it can't do without by statement, to ask about each. */
export function resizeStatements(input: ResizeRoleInput): PolicyStatement[] {
  const { keepTags } = input;
  return [
    logStatement(input),
    {
      Sid: 'Read',
      Effect: 'Allow',
      Action: [
        ...['s3:GetObject', 's3:GetObjectVersion'],
        ...(keepTags ? ['s3:GetObjectTagging', 's3:GetObjectVersionTagging'] : []),
      ],
      Resource: below(input.partition, input.bucket, input.prefix),
    },
    {
      Sid: 'Write',
      Effect: 'Allow',
      Action: ['s3:PutObject', ...(keepTags ? ['s3:PutObjectTagging'] : [])],
      Resource: below(input.partition, input.destinationBucket, writtenBelow(input)),
    },
  ];
}

/** In a bucket of its own everything; in the source bucket only where nothing is read. */
function writtenBelow({ bucket, destinationBucket, keyTemplate }: ResizeRoleInput): string {
  return bucket === destinationBucket ? writtenPrefix(keyTemplate) : '';
}
