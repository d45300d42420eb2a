import { AwsError } from '../../errors.ts';
import { childText, malformedXml, textElement } from '../../xml.ts';
import type { XmlShape } from '../../xmlShape.ts';
import { permitted } from '../permitted.ts';
import type { RouteTable, S3Operation } from '../s3Call.ts';
import { findBucket, xmlAnswer } from '../s3Call.ts';
import { MAX_BUCKET_TAGS, checkTags } from '../tags.ts';
import { TAGGING, parseTagging, renderTagSet } from '../tagXml.ts';
import { readXmlBody, requireDigest } from '../xmlBody.ts';

const getVersioning: S3Operation = (context, call) => {
  const bucket = permitted(context, call, 's3:GetBucketVersioning');
  return xmlAnswer('VersioningConfiguration', textElement('Status', bucket.versioning));
};

const VERSIONING: XmlShape = { Status: 'text', MfaDelete: 'text' };

const putVersioning: S3Operation = async (context, call) => {
  permitted(context, call, 's3:PutBucketVersioning');
  const root = await readXmlBody(call, 'VersioningConfiguration', VERSIONING);
  const status = childText(root, 'Status');
  if (status !== undefined && status !== 'Enabled' && status !== 'Suspended') throw malformedXml();
  if (status === undefined) {
    throw new AwsError(
      'IllegalVersioningConfigurationException',
      400,
      'The Versioning element must be specified',
    );
  }
  if (childText(root, 'MfaDelete') === 'Enabled') throw malformedXml();
  context.s3.buckets.setVersioning(findBucket(context, call.bucket), status);
  return { status: 200 };
};

const getTagging: S3Operation = (context, call) => {
  const { tags } = permitted(context, call, 's3:GetBucketTagging');
  if (tags.length === 0) {
    throw new AwsError('NoSuchTagSet', 404, 'The TagSet does not exist', {
      BucketName: call.bucket,
    });
  }
  return xmlAnswer('Tagging', renderTagSet(tags));
};

const putTagging: S3Operation = async (context, call) => {
  permitted(context, call, 's3:PutBucketTagging');
  // Unlike tags of an object (versity/versitygw#1521 and #1662).
  requireDigest(call);
  const tags = parseTagging(await readXmlBody(call, 'Tagging', TAGGING));
  checkTags(tags, MAX_BUCKET_TAGS);
  context.s3.buckets.setTags(findBucket(context, call.bucket), tags);
  return { status: 204 };
};

const deleteTagging: S3Operation = (context, call) => {
  const bucket = permitted(context, call, 's3:PutBucketTagging');
  context.s3.buckets.setTags(bucket, []);
  return { status: 204 };
};

export const BUCKET_SETTINGS_OPERATIONS: RouteTable = {
  'GET bucket versioning': ['GetBucketVersioning', getVersioning],
  'PUT bucket versioning': ['PutBucketVersioning', putVersioning],
  'GET bucket tagging': ['GetBucketTagging', getTagging],
  'PUT bucket tagging': ['PutBucketTagging', putTagging],
  'DELETE bucket tagging': ['DeleteBucketTagging', deleteTagging],
};
