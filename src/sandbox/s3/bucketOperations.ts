import { authorize } from '../iam/authorize.ts';
import { element, textElement } from '../xml.ts';
import type { S3Operation } from './s3Call.ts';
import { s3Arn, xmlAnswer } from './s3Call.ts';

const listBuckets: S3Operation = (services, { caller }) => {
  authorize(services, caller, 's3:ListAllMyBuckets', '*');
  const buckets = services.s3.buckets.list({ limit: 10_000 });
  return xmlAnswer(
    'ListAllMyBucketsResult',
    element('Owner', textElement('ID', services.accountId)),
    element(
      'Buckets',
      ...buckets.map(bucket =>
        element(
          'Bucket',
          textElement('Name', bucket.name),
          textElement('CreationDate', bucket.created.toISOString()),
          textElement('BucketRegion', bucket.region),
        ),
      ),
    ),
  );
};

const createBucket: S3Operation = (services, { caller, bucket, region }) => {
  authorize(services, caller, 's3:CreateBucket', s3Arn(bucket));
  if (!services.s3.buckets.find(bucket)) {
    services.s3.buckets.create(bucket, region, services.clock.now());
  }
  return { status: 200, headers: { location: `/${bucket}` } };
};

export const BUCKET_OPERATIONS = {
  'GET service': ['ListBuckets', listBuckets],
  'PUT bucket': ['CreateBucket', createBucket],
} as const;
