import { authorize } from '../access/authorize.ts';
import { AwsError } from '../../errors.ts';
import { AWS_REGIONS } from '../../region.ts';
import { element, textElement } from '../../xml.ts';
import type { Bucket } from '../store/buckets.ts';
import { HOME_REGION, createBucket } from './createBucket.ts';
import { ownerId } from '../ownerId.ts';
import { invalidArgument } from '../errors.ts';
import type { RouteTable, S3Operation } from '../s3Call.ts';
import { findBucket, s3Arn, xmlAnswer } from '../s3Call.ts';
import { timestamp } from '../timestamp.ts';

const MAX_BUCKETS = 10_000;

const listBuckets: S3Operation = (context, { caller, request: { query } }) => {
  authorize(context, caller, 's3:ListAllMyBuckets', '*');
  const prefix = query.get('prefix');
  const max = readMaxBuckets(query.get('max-buckets'));
  const region = readRegion(query.get('bucket-region'));
  const after = readToken(query.get('continuation-token'));
  const found = context.s3.buckets
    .list({ after, prefix, limit: MAX_BUCKETS + 1 })
    .filter(bucket => region === undefined || bucket.region === region);
  const page = found.slice(0, max);
  const last = found.length > max ? page.at(-1) : undefined;
  return xmlAnswer(
    'ListAllMyBucketsResult',
    element('Owner', textElement('ID', ownerId(context))),
    element('Buckets', ...page.map(renderBucket)),
    textElement('Prefix', prefix),
    textElement('ContinuationToken', last && Buffer.from(last.name).toString('base64')),
  );
};

function renderBucket(bucket: Bucket): string {
  return element(
    'Bucket',
    textElement('Name', bucket.name),
    textElement('CreationDate', timestamp(bucket.created)),
    textElement('BucketRegion', bucket.region),
    textElement('BucketArn', s3Arn(bucket.name)),
  );
}

function readRegion(region: string | undefined): string | undefined {
  if (region === undefined || AWS_REGIONS.has(region)) return region;
  throw new AwsError('InvalidArgument', 400, `Argument value ${region} is not a valid AWS Region`, {
    ArgumentName: 'bucket-region',
  });
}

function readMaxBuckets(text: string | undefined): number {
  if (text === undefined) return MAX_BUCKETS;
  const max = Number(text);
  if (Number.isInteger(max) && max >= 1 && max <= MAX_BUCKETS) return max;
  throw invalidArgument(
    `Argument max-buckets must be an integer between 1 and ${MAX_BUCKETS}`,
    'max-buckets',
    text,
  );
}

function readToken(token: string | undefined): string | undefined {
  // An empty one is none (recorded), for this list alone.
  if (!token) return undefined;
  const name = Buffer.from(token, 'base64').toString('utf8');
  if (name !== '' && Buffer.from(name).toString('base64') === token) return name;
  throw invalidArgument(
    'The continuation token provided is incorrect',
    'continuation-token',
    token,
  );
}

const deleteBucket: S3Operation = (context, { bucket: name, caller }) => {
  authorize(context, caller, 's3:DeleteBucket', s3Arn(name));
  const bucket = findBucket(context, name);
  const { versions, uploads, buckets, notifications } = context.s3;
  if (versions.any(bucket.id)) {
    const more = bucket.versioning ? '. You must delete all versions in the bucket.' : '';
    throw new AwsError(
      'BucketNotEmpty',
      409,
      `The bucket you tried to delete is not empty${more}`,
      { BucketName: name },
    );
  }
  context.store.transaction(() => {
    // Unfinished uploads do not keep a bucket alive.
    for (const upload of uploads.ofBucket(bucket.id)) {
      context.s3.blobs.delete(uploads.parts(upload.id).map(part => part.blob));
      uploads.delete(upload.id);
    }
    notifications.delete(bucket.id);
    buckets.delete(bucket);
  });
  return { status: 204 };
};

const headBucket: S3Operation = (context, { bucket: name, caller }) => {
  const bucket = findBucket(context, name);
  authorize(context, caller, 's3:ListBucket', s3Arn(name));
  return {
    status: 200,
    headers: {
      'content-type': 'application/xml',
      'x-amz-bucket-region': bucket.region,
      'x-amz-bucket-arn': s3Arn(name),
      'x-amz-access-point-alias': 'false',
    },
  };
};

const getBucketLocation: S3Operation = (context, { bucket: name, caller }) => {
  const { region, locationConstraint = region } = findBucket(context, name);
  authorize(context, caller, 's3:GetBucketLocation', s3Arn(name));
  // The oldest region has no name here.
  return xmlAnswer('LocationConstraint', region === HOME_REGION ? '' : locationConstraint);
};

export const BUCKET_OPERATIONS: RouteTable = {
  'GET service': ['ListBuckets', listBuckets],
  'PUT bucket': ['CreateBucket', createBucket],
  'DELETE bucket': ['DeleteBucket', deleteBucket],
  'HEAD bucket': ['HeadBucket', headBucket],
  'GET bucket location': ['GetBucketLocation', getBucketLocation],
};
