import { AwsError, internalError, notImplemented } from '../../errors.ts';
import { header } from '../../request.ts';
import { authorize } from '../access/authorize.ts';
import { aclOfNewBucket } from '../acl/newAcl.ts';
import { AWS_REGIONS } from '../../region.ts';
import type { RequestContext } from '../../principal.ts';
import type { SandboxResponse } from '../../request.ts';
import type { XmlElement } from '../../xml.ts';
import { childOf, childText, parseXml } from '../../xml.ts';
import type { XmlShape } from '../../xmlShape.ts';
import { TAG } from '../../xmlShape.ts';
import { NEW_BUCKET } from '../store/bucketConfiguration.ts';
import type { BucketConfiguration, ObjectOwnership } from '../store/bucketConfiguration.ts';
import { checkBucketName } from './bucketName.ts';
import type { S3Call, S3Operation } from '../s3Call.ts';
import { s3Arn } from '../s3Call.ts';
import type { Tag } from '../tags.ts';
import { MAX_BUCKET_TAGS, checkTags } from '../tags.ts';
import { parseTags } from '../tagXml.ts';

/** The oldest Region: its name is no location constraint, and its owners may create a bucket again. */
export const HOME_REGION = 'us-east-1';

export const createBucket: S3Operation = async (context, call) => {
  const { bucket: name, region, caller } = call;
  const root = await readConfiguration(call);
  authorize(context, caller, 's3:CreateBucket', s3Arn(name), conditionKeys(root));
  checkBucketName(name);
  const ownership = readOwnership(call);
  const acl = aclOfNewBucket(context, call, ownership);
  const { home, constraint } = readLocation(region, root);
  const tags = readTags(root);
  for (const action of furtherActions(call, tags)) {
    authorize(context, caller, action, s3Arn(name), conditionKeys(root));
  }
  const existing = context.s3.buckets.find(name);
  if (existing) {
    // Only us-east-1 lets the owner create a bucket again, and not with tags (recorded).
    const again = existing.region === HOME_REGION && region === HOME_REGION && tags.length === 0;
    if (again) return created(name, home);
    throw new AwsError(
      'BucketAlreadyOwnedByYou',
      409,
      'Your previous request to create the named bucket succeeded and you already own it.',
      { BucketName: name },
    );
  }
  const configuration: BucketConfiguration = {
    ...NEW_BUCKET,
    ownership,
    acl,
    ...(constraint !== home && constraint !== '' ? { locationConstraint: constraint } : {}),
  };
  context.s3.buckets.create(name, home, context.clock.now(), { tags, configuration });
  return created(name, home);
};

/** What policies may ask of a new bucket: its location and its tags. */
function conditionKeys(root: XmlElement | undefined): RequestContext {
  const set = childOf(root, 'Tags');
  const tags = set ? parseTags(set) : [];
  return {
    's3:LocationConstraint': childText(root, 'LocationConstraint'),
    ...(tags.length > 0 && { 'aws:TagKeys': tags.map(({ key }) => key) }),
    ...Object.fromEntries(tags.map(({ key, value }) => [`aws:RequestTag/${key}`, value])),
  };
}

/** What a new bucket's headers and tags need besides s3:CreateBucket (API reference, "CreateBucket"). */
function furtherActions(call: S3Call, tags: readonly Tag[]): string[] {
  const actions = tags.length > 0 ? ['s3:TagResource'] : [];
  if (header(call.request, 'x-amz-object-ownership') !== undefined) {
    actions.push('s3:PutBucketOwnershipControls');
  }
  return actions;
}

function created(name: string, home: string): SandboxResponse {
  const location = home === HOME_REGION ? `/${name}` : `http://${name}.s3.amazonaws.com/`;
  return { status: 200, headers: { location, 'x-amz-bucket-arn': s3Arn(name) } };
}

/**
 * The ownership that a new bucket's headers ask for. With an ACL and without ownership AWS makes a bucket
 * that has ACLs (versity/versitygw#1869).
 * @throws AwsError InvalidArgument (recorded).
 */
export function readOwnership(call: S3Call): ObjectOwnership {
  const ownership = header(call.request, 'x-amz-object-ownership');
  if (ownership === undefined) {
    return header(call.request, 'x-amz-acl') === undefined
      ? 'BucketOwnerEnforced'
      : 'BucketOwnerPreferred';
  }
  if (isOwnership(ownership)) return ownership;
  throw new AwsError(
    'InvalidArgument',
    400,
    `Invalid x-amz-object-ownership header: ${ownership}`,
    { ArgumentName: 'x-amz-object-ownership' },
  );
}

export function isOwnership(text: string | undefined): text is ObjectOwnership {
  return /^(BucketOwnerEnforced|BucketOwnerPreferred|ObjectWriter)$/.test(text ?? '');
}

const CONFIGURATION: XmlShape = {
  LocationConstraint: 'text',
  Location: 'anything',
  Bucket: 'anything',
  Tags: { 'Tag*': TAG },
};

async function readConfiguration({ request }: S3Call): Promise<XmlElement | undefined> {
  const body = (await request.body.bytes(64 * 1024)).toString('utf8');
  if (body.trim() === '') return undefined;
  const root = parseXml(body, ['CreateBucketConfiguration', CONFIGURATION]);
  // Both are of directory buckets.
  const other = ['Location', 'Bucket'].find(name => childOf(root, name));
  if (other !== undefined) throw notImplemented(`CreateBucket with ${other}`);
  return root;
}

/**
 * The tags of a new bucket. AWS words what is wrong with them otherwise than PutBucketTagging does, and has
 * a fault of its own for a key given twice (both recorded).
 */
function readTags(root: XmlElement | undefined): Tag[] {
  const set = childOf(root, 'Tags');
  if (!set) return [];
  const tags = parseTags(set);
  if (tags.some(({ key }) => /^aws:/i.test(key))) {
    throw new AwsError(
      'InvalidTag',
      400,
      'User-defined tag keys can\'t start with "aws:". This prefix is reserved for system tags. Remove "aws:" from your tag keys and try again.',
    );
  }
  if (new Set(tags.map(({ key }) => key)).size < tags.length) throw internalError();
  checkTags(tags, MAX_BUCKET_TAGS);
  return tags;
}

/** The region of a new bucket, by AWS's rules for the endpoint that the request was signed for. */
function readLocation(
  region: string,
  root: XmlElement | undefined,
): { home: string; constraint: string } {
  const constraint = childText(root, 'LocationConstraint') ?? '';
  const wanted = constraint === 'EU' ? 'eu-west-1' : constraint;
  if (region === HOME_REGION) {
    if (wanted === '') return { home: HOME_REGION, constraint };
    if (wanted !== HOME_REGION && AWS_REGIONS.has(wanted)) return { home: wanted, constraint };
    throw new AwsError(
      'InvalidLocationConstraint',
      400,
      'The specified location-constraint is not valid',
      { LocationConstraint: constraint },
    );
  }
  if (wanted === region) return { home: region, constraint };
  throw new AwsError(
    'IllegalLocationConstraintException',
    400,
    `The ${constraint === '' ? 'unspecified' : constraint} location constraint is incompatible for the region specific endpoint this request was sent to.`,
  );
}
