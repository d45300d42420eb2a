import { authorize } from '../iam/authorize.ts';
import { AwsError } from '../errors.ts';
import type { SandboxResponse } from '../request.ts';
import type { Services } from '../sandboxServices.ts';
import { childText, element, parseXml, textElement } from '../xml.ts';
import { checkBucketName } from './bucketName.ts';
import type { Bucket } from './buckets.ts';
import { invalidArgument } from './errors.ts';
import type { RouteTable, S3Call, S3Operation } from './s3Call.ts';
import { findBucket, s3Arn, xmlAnswer } from './s3Call.ts';

const HOME_REGION = 'us-east-1';
const MAX_BUCKETS = 10_000;

const listBuckets: S3Operation = (services, { caller, request: { query } }) => {
  authorize(services, caller, 's3:ListAllMyBuckets', '*');
  const prefix = query.get('prefix');
  const max = readMaxBuckets(query.get('max-buckets'));
  const region = query.get('bucket-region');
  const after = readToken(query.get('continuation-token'));
  const found = services.s3.buckets
    .list({ after, prefix, limit: MAX_BUCKETS + 1 })
    .filter(bucket => region === undefined || bucket.region === region);
  const page = found.slice(0, max);
  const last = found.length > max ? page.at(-1) : undefined;
  return xmlAnswer(
    'ListAllMyBucketsResult',
    element('Owner', textElement('ID', ownerId(services))),
    element('Buckets', ...page.map(renderBucket)),
    textElement('Prefix', prefix),
    textElement('ContinuationToken', last && Buffer.from(last.name).toString('base64')),
  );
};

function renderBucket(bucket: Bucket): string {
  return element(
    'Bucket',
    textElement('Name', bucket.name),
    textElement('CreationDate', bucket.created.toISOString()),
    textElement('BucketRegion', bucket.region),
    textElement('BucketArn', s3Arn(bucket.name)),
  );
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
  if (token === undefined) return undefined;
  const name = Buffer.from(token, 'base64').toString('utf8');
  if (name !== '' && Buffer.from(name).toString('base64') === token) return name;
  throw invalidArgument(
    'The continuation token provided is incorrect',
    'continuation-token',
    token,
  );
}

/** The canonical user id of the account; AWS's is 64 hex digits. */
export function ownerId(services: Pick<Services, 'accountId'>): string {
  return services.accountId.padStart(64, '0');
}

const createBucket: S3Operation = async (services, call) => {
  const { bucket: name, region, caller } = call;
  authorize(services, caller, 's3:CreateBucket', s3Arn(name));
  checkBucketName(name);
  const home = await readLocation(call);
  const existing = services.s3.buckets.find(name);
  if (existing) {
    // Only us-east-1 lets the owner create a bucket again.
    if (existing.region === HOME_REGION && region === HOME_REGION) return created(name);
    throw new AwsError(
      'BucketAlreadyOwnedByYou',
      409,
      'Your previous request to create the named bucket succeeded and you already own it.',
      { BucketName: name },
    );
  }
  services.s3.buckets.create(name, home, services.clock.now());
  return created(name);
};

function created(name: string): SandboxResponse {
  return {
    status: 200,
    headers: { location: `/${name}`, 'x-amz-bucket-arn': s3Arn(name) },
  };
}

/** The region of a new bucket, by AWS's rules for the endpoint that the request was signed for. */
async function readLocation(call: S3Call): Promise<string> {
  const { region } = call;
  const body = (await call.request.body.bytes(64 * 1024)).toString('utf8');
  const root = body.trim() === '' ? undefined : parseXml(body, 'CreateBucketConfiguration');
  const constraint = childText(root, 'LocationConstraint') ?? '';
  const wanted = constraint === 'EU' ? 'eu-west-1' : constraint;
  if (region === HOME_REGION) {
    if (wanted === HOME_REGION || !/^([a-z]{2,4}(-[a-z]+)+-\d+)?$/.test(wanted)) {
      throw new AwsError(
        'InvalidLocationConstraint',
        400,
        'The specified location-constraint is not valid',
        { LocationConstraint: constraint },
      );
    }
    return wanted === '' ? HOME_REGION : wanted;
  }
  if (wanted === region) return region;
  throw new AwsError(
    'IllegalLocationConstraintException',
    400,
    `The ${constraint === '' ? 'unspecified' : constraint} location constraint is incompatible for the region specific endpoint this request was sent to.`,
  );
}

const deleteBucket: S3Operation = (services, { bucket: name, caller }) => {
  authorize(services, caller, 's3:DeleteBucket', s3Arn(name));
  const bucket = findBucket(services, name);
  const { versions, uploads, buckets, notifications } = services.s3;
  if (versions.any(bucket.id)) {
    throw new AwsError('BucketNotEmpty', 409, 'The bucket you tried to delete is not empty', {
      BucketName: name,
    });
  }
  services.store.transaction(() => {
    // Unfinished uploads do not keep a bucket alive.
    for (const upload of uploads.ofBucket(bucket.id)) {
      services.s3.blobs.delete(uploads.parts(upload.id).map(part => part.blob));
      uploads.delete(upload.id);
    }
    notifications.delete(bucket.id);
    buckets.delete(bucket);
  });
  return { status: 204 };
};

const headBucket: S3Operation = (services, { bucket: name, caller }) => {
  const bucket = findBucket(services, name);
  authorize(services, caller, 's3:ListBucket', s3Arn(name));
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

const getBucketLocation: S3Operation = (services, { bucket: name, caller }) => {
  const { region } = findBucket(services, name);
  authorize(services, caller, 's3:GetBucketLocation', s3Arn(name));
  // The oldest region has no name here.
  return xmlAnswer('LocationConstraint', region === HOME_REGION ? '' : region);
};

export const BUCKET_OPERATIONS: RouteTable = {
  'GET service': ['ListBuckets', listBuckets],
  'PUT bucket': ['CreateBucket', createBucket],
  'DELETE bucket': ['DeleteBucket', deleteBucket],
  'HEAD bucket': ['HeadBucket', headBucket],
  'GET bucket location': ['GetBucketLocation', getBucketLocation],
};
