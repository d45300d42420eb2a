import { authorize } from '../iam/authorize.ts';
import { AwsError } from '../errors.ts';
import { childText, element, malformedXml, textElement } from '../xml.ts';
import type { Bucket } from './buckets.ts';
import type { RouteTable, S3Call, S3Operation } from './s3Call.ts';
import { findBucket, s3Arn, xmlAnswer } from './s3Call.ts';
import type { Services } from '../sandboxServices.ts';
import { MAX_BUCKET_TAGS, checkTags } from './tags.ts';
import { parseTagging, renderTagSet } from './tagXml.ts';
import { readXmlBody } from './xmlBody.ts';

function permitted(services: Services, call: S3Call, action: string): Bucket {
  const bucket = findBucket(services, call.bucket);
  authorize(services, call.caller, action, s3Arn(call.bucket));
  return bucket;
}

const getVersioning: S3Operation = (services, call) => {
  const bucket = permitted(services, call, 's3:GetBucketVersioning');
  return xmlAnswer('VersioningConfiguration', textElement('Status', bucket.versioning));
};

const putVersioning: S3Operation = async (services, call) => {
  permitted(services, call, 's3:PutBucketVersioning');
  const root = await readXmlBody(call, 'VersioningConfiguration');
  const status = childText(root, 'Status');
  if (status !== 'Enabled' && status !== 'Suspended') {
    throw new AwsError(
      'IllegalVersioningConfigurationException',
      400,
      'The Versioning element must be specified',
    );
  }
  if (childText(root, 'MfaDelete') === 'Enabled') throw malformedXml();
  services.s3.buckets.setVersioning(findBucket(services, call.bucket), status);
  return { status: 200 };
};

/** What AWS applies to every new bucket; the sandbox has no other (since January 2023). */
const getEncryption: S3Operation = (services, call) => {
  permitted(services, call, 's3:GetEncryptionConfiguration');
  return xmlAnswer(
    'ServerSideEncryptionConfiguration',
    element(
      'Rule',
      element('ApplyServerSideEncryptionByDefault', textElement('SSEAlgorithm', 'AES256')),
      textElement('BucketKeyEnabled', false),
    ),
  );
};

/** What AWS applies to every new bucket (since April 2023). */
const getPublicAccessBlock: S3Operation = (services, call) => {
  permitted(services, call, 's3:GetBucketPublicAccessBlock');
  return xmlAnswer(
    'PublicAccessBlockConfiguration',
    textElement('BlockPublicAcls', true),
    textElement('IgnorePublicAcls', true),
    textElement('BlockPublicPolicy', true),
    textElement('RestrictPublicBuckets', true),
  );
};

const getOwnershipControls: S3Operation = (services, call) => {
  permitted(services, call, 's3:GetBucketOwnershipControls');
  return xmlAnswer(
    'OwnershipControls',
    element('Rule', textElement('ObjectOwnership', 'BucketOwnerEnforced')),
  );
};

const getTagging: S3Operation = (services, call) => {
  const { tags } = permitted(services, call, 's3:GetBucketTagging');
  if (tags.length === 0) {
    throw new AwsError('NoSuchTagSet', 404, 'The TagSet does not exist', {
      BucketName: call.bucket,
    });
  }
  return xmlAnswer('Tagging', renderTagSet(tags));
};

const putTagging: S3Operation = async (services, call) => {
  permitted(services, call, 's3:PutBucketTagging');
  const tags = parseTagging(await readXmlBody(call, 'Tagging'));
  checkTags(tags, MAX_BUCKET_TAGS);
  services.s3.buckets.setTags(findBucket(services, call.bucket), tags);
  return { status: 204 };
};

const deleteTagging: S3Operation = (services, call) => {
  const bucket = permitted(services, call, 's3:PutBucketTagging');
  services.s3.buckets.setTags(bucket, []);
  return { status: 204 };
};

export const BUCKET_SETTINGS_OPERATIONS: RouteTable = {
  'GET bucket versioning': ['GetBucketVersioning', getVersioning],
  'PUT bucket versioning': ['PutBucketVersioning', putVersioning],
  'GET bucket encryption': ['GetBucketEncryption', getEncryption],
  'GET bucket publicAccessBlock': ['GetPublicAccessBlock', getPublicAccessBlock],
  'GET bucket ownershipControls': ['GetBucketOwnershipControls', getOwnershipControls],
  'GET bucket tagging': ['GetBucketTagging', getTagging],
  'PUT bucket tagging': ['PutBucketTagging', putTagging],
  'DELETE bucket tagging': ['DeleteBucketTagging', deleteTagging],
};
