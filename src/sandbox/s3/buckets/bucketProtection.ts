import { AwsError, notImplemented } from '../../errors.ts';
import type { XmlElement } from '../../xml.ts';
import { childOf, childText, childrenOf, element, malformedXml, textElement } from '../../xml.ts';
import type { XmlShape } from '../../xmlShape.ts';
import { isOwnership } from './createBucket.ts';
import { permitted } from '../permitted.ts';
import type { RouteTable, S3Operation } from '../s3Call.ts';
import { findBucket, xmlAnswer } from '../s3Call.ts';
import { readXmlBody } from '../xmlBody.ts';

/** The one rule of a configuration that has no other number of them. */
function onlyRule(root: XmlElement): XmlElement {
  const [rule, ...others] = childrenOf(root, 'Rule');
  if (!rule || others.length > 0) throw malformedXml();
  return rule;
}

/** `true` or `false`, in any case; nothing is false. */
function readBoolean(parent: XmlElement, name: string): boolean {
  const text = childText(parent, name)?.trim().toLowerCase() ?? 'false';
  if (text !== 'true' && text !== 'false') throw malformedXml();
  return text === 'true';
}

const getEncryption: S3Operation = (context, call) => {
  const { bucketKeyEnabled = false } = permitted(context, call, 's3:GetEncryptionConfiguration');
  return xmlAnswer(
    'ServerSideEncryptionConfiguration',
    element(
      'Rule',
      element('ApplyServerSideEncryptionByDefault', textElement('SSEAlgorithm', 'AES256')),
      textElement('BucketKeyEnabled', bucketKeyEnabled),
    ),
  );
};

const ENCRYPTION: XmlShape = {
  'Rule*': {
    ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'text', KMSMasterKeyID: 'text' },
    BucketKeyEnabled: 'text',
    BlockedEncryptionTypes: { 'EncryptionType*': 'text' },
  },
};

const putEncryption: S3Operation = async (context, call) => {
  permitted(context, call, 's3:PutEncryptionConfiguration');
  const root = await readXmlBody(call, 'ServerSideEncryptionConfiguration', ENCRYPTION);
  const rule = onlyRule(root);
  const byDefault = childOf(rule, 'ApplyServerSideEncryptionByDefault');
  const algorithm = childText(byDefault, 'SSEAlgorithm');
  if (!algorithm || !/^(AES256|aws:kms|aws:kms:dsse)$/.test(algorithm)) throw malformedXml();
  if (algorithm !== 'AES256') throw notImplemented(`PutBucketEncryption with ${algorithm}`);
  if (childOf(byDefault, 'KMSMasterKeyID')) {
    throw new AwsError(
      'InvalidArgument',
      400,
      'a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse',
      { ArgumentName: 'ApplyServerSideEncryptionByDefault' },
    );
  }
  if (childOf(rule, 'BlockedEncryptionTypes')) {
    throw notImplemented('PutBucketEncryption with BlockedEncryptionTypes');
  }
  const bucketKeyEnabled = readBoolean(rule, 'BucketKeyEnabled');
  context.s3.buckets.configure(findBucket(context, call.bucket), { bucketKeyEnabled });
  return { status: 200 };
};

/** Without a configuration objects are encrypted as before: AES256 is what every bucket has. */
const deleteEncryption: S3Operation = (context, call) => {
  const bucket = permitted(context, call, 's3:PutEncryptionConfiguration');
  context.s3.buckets.configure(bucket, { bucketKeyEnabled: false });
  return { status: 204 };
};

const getPublicAccessBlock: S3Operation = (context, call) => {
  const { publicAccessBlock } = permitted(context, call, 's3:GetBucketPublicAccessBlock');
  if (!publicAccessBlock) {
    throw new AwsError(
      'NoSuchPublicAccessBlockConfiguration',
      404,
      'The public access block configuration was not found',
      { BucketName: call.bucket },
    );
  }
  return xmlAnswer(
    'PublicAccessBlockConfiguration',
    textElement('BlockPublicAcls', publicAccessBlock.blockPublicAcls),
    textElement('IgnorePublicAcls', publicAccessBlock.ignorePublicAcls),
    textElement('BlockPublicPolicy', publicAccessBlock.blockPublicPolicy),
    textElement('RestrictPublicBuckets', publicAccessBlock.restrictPublicBuckets),
  );
};

const PUBLIC_ACCESS_BLOCK: XmlShape = {
  BlockPublicAcls: 'text',
  IgnorePublicAcls: 'text',
  BlockPublicPolicy: 'text',
  RestrictPublicBuckets: 'text',
};

const putPublicAccessBlock: S3Operation = async (context, call) => {
  permitted(context, call, 's3:PutBucketPublicAccessBlock');
  const root = await readXmlBody(call, 'PublicAccessBlockConfiguration', PUBLIC_ACCESS_BLOCK);
  const publicAccessBlock = {
    blockPublicAcls: readBoolean(root, 'BlockPublicAcls'),
    ignorePublicAcls: readBoolean(root, 'IgnorePublicAcls'),
    blockPublicPolicy: readBoolean(root, 'BlockPublicPolicy'),
    restrictPublicBuckets: readBoolean(root, 'RestrictPublicBuckets'),
  };
  context.s3.buckets.configure(findBucket(context, call.bucket), { publicAccessBlock });
  return { status: 200 };
};

const deletePublicAccessBlock: S3Operation = (context, call) => {
  const bucket = permitted(context, call, 's3:PutBucketPublicAccessBlock');
  context.s3.buckets.configure(bucket, { publicAccessBlock: undefined });
  return { status: 204 };
};

const getOwnershipControls: S3Operation = (context, call) => {
  const { ownership } = permitted(context, call, 's3:GetBucketOwnershipControls');
  if (!ownership) {
    throw new AwsError(
      'OwnershipControlsNotFoundError',
      404,
      'The bucket ownership controls were not found',
      { BucketName: call.bucket },
    );
  }
  return xmlAnswer('OwnershipControls', element('Rule', textElement('ObjectOwnership', ownership)));
};

const OWNERSHIP: XmlShape = { 'Rule*': { ObjectOwnership: 'text' } };

const putOwnershipControls: S3Operation = async (context, call) => {
  permitted(context, call, 's3:PutBucketOwnershipControls');
  const rule = onlyRule(await readXmlBody(call, 'OwnershipControls', OWNERSHIP));
  const ownership = childText(rule, 'ObjectOwnership');
  if (!isOwnership(ownership)) throw malformedXml();
  const bucket = findBucket(context, call.bucket);
  if (ownership === 'BucketOwnerEnforced' && bucket.acl) {
    throw new AwsError(
      'InvalidBucketAclWithObjectOwnership',
      400,
      "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
    );
  }
  context.s3.buckets.configure(bucket, { ownership });
  return { status: 200 };
};

const deleteOwnershipControls: S3Operation = (context, call) => {
  const bucket = permitted(context, call, 's3:PutBucketOwnershipControls');
  context.s3.buckets.configure(bucket, { ownership: undefined });
  return { status: 204 };
};

/** Encryption, public access and ownership: what protects a bucket besides its policy. */
export const BUCKET_PROTECTION_OPERATIONS: RouteTable = {
  'GET bucket encryption': ['GetBucketEncryption', getEncryption],
  'PUT bucket encryption': ['PutBucketEncryption', putEncryption],
  'DELETE bucket encryption': ['DeleteBucketEncryption', deleteEncryption],
  'GET bucket publicAccessBlock': ['GetPublicAccessBlock', getPublicAccessBlock],
  'PUT bucket publicAccessBlock': ['PutPublicAccessBlock', putPublicAccessBlock],
  'DELETE bucket publicAccessBlock': ['DeletePublicAccessBlock', deletePublicAccessBlock],
  'GET bucket ownershipControls': ['GetBucketOwnershipControls', getOwnershipControls],
  'PUT bucket ownershipControls': ['PutBucketOwnershipControls', putOwnershipControls],
  'DELETE bucket ownershipControls': ['DeleteBucketOwnershipControls', deleteOwnershipControls],
};
