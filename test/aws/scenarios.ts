import { CLOUDWATCH, LOGS } from './probes/cloudWatch.ts';
import { IAM, STS } from './probes/iam.ts';
import { LAMBDA } from './probes/lambda.ts';
import { S3_BUCKETS } from './probes/s3Buckets.ts';
import { S3_CONDITIONS } from './probes/s3Conditions.ts';
import { S3_CONTROL_JOBS } from './probes/s3ControlJobs.ts';
import { S3_LISTINGS } from './probes/s3Listings.ts';
import { S3_MULTIPART } from './probes/s3Multipart.ts';
import { S3_NOTIFICATIONS } from './probes/s3Notifications.ts';
import { S3_OBJECTS } from './probes/s3Objects.ts';
import { S3_SIGNING } from './probes/s3Signing.ts';
import { S3_TAGS } from './probes/s3Tags.ts';
import { S3_VERSIONS } from './probes/s3Versions.ts';
import { compareNaming } from './compareNames.ts';
import type { Scenario } from './scenario.ts';

/** All that is asked. What needs a role comes last: AWS's services learn of a new one after some seconds. */
export const SCENARIOS: readonly Scenario[] = [
  ...[...S3_OBJECTS, S3_CONDITIONS, S3_LISTINGS, S3_TAGS, S3_VERSIONS, S3_MULTIPART, S3_BUCKETS],
  ...[S3_NOTIFICATIONS, S3_SIGNING, STS, IAM, CLOUDWATCH, LOGS, LAMBDA, S3_CONTROL_JOBS],
];

export const NAMING = compareNaming(
  SCENARIOS.filter(({ hasBucket }) => hasBucket).map(({ name }) => name),
);
