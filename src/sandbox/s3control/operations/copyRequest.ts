import { notImplemented } from '../../errors.ts';
import { isChecksumAlgorithm } from '../../s3/checksums.ts';
import { childOf, childText, childrenOf, malformedXml } from '../../xml.ts';
import type { XmlElement } from '../../xml.ts';
import type { S3PutObjectCopy } from '../job.ts';
import { checkTags, readTags } from './jobTagging.ts';
import { invalidRequest, limited, readBoolean, required } from './requestLimits.ts';

const OBJECT_TAGS = 10;
const MAX_USER_METADATA = 8192;

/** Members of AWS that need what the sandbox has not. */
const REFUSED = [
  'CannedAccessControlList',
  'AccessControlGrants',
  'SSEAwsKmsKeyId',
  'ObjectLockLegalHoldStatus',
  'ObjectLockMode',
  'ObjectLockRetainUntilDate',
];
/** AWS's S3StorageClass: batch jobs copy nothing to REDUCED_REDUNDANCY. */
const STORAGE_CLASSES = [
  'STANDARD',
  'STANDARD_IA',
  'ONEZONE_IA',
  'GLACIER',
  'INTELLIGENT_TIERING',
  'DEEP_ARCHIVE',
  'GLACIER_IR',
];
const OTHER_ALGORITHMS = ['SHA512', 'MD5', 'XXHASH64', 'XXHASH3', 'XXHASH128'];

/**
 * Reads S3PutObjectCopy (S3 Control API, "S3CopyObjectOperation"). Whether there is the bucket is found
 * out by the tasks.
 * @throws AwsError InvalidRequest, MalformedXML, NotImplemented with the member's name
 */
export function readCopy(operation: XmlElement): S3PutObjectCopy {
  const given = operation.children;
  checkMembers(given);
  const metadata = childOf(operation, 'NewObjectMetadata');
  const tagging = childOf(operation, 'NewObjectTagging');
  const tags = tagging && readTags(tagging);
  if (tags) checkTags(tags, OBJECT_TAGS);
  const redirect = limited(childText(operation, 'RedirectLocation'), 'RedirectLocation', 1, 2048);
  return {
    name: 'S3PutObjectCopy',
    given,
    bucket: readTarget(childText(operation, 'TargetResource')),
    prefix: limited(childText(operation, 'TargetKeyPrefix'), 'TargetKeyPrefix', 1, 1024),
    directive: readDirective(childText(operation, 'MetadataDirective'), metadata !== undefined),
    headers: {
      ...readHeaders(metadata),
      ...(redirect !== undefined && { 'x-amz-website-redirect-location': redirect }),
    },
    metadata: readUserMetadata(childOf(metadata, 'UserMetadata')),
    tags,
    storageClass: readStorageClass(childText(operation, 'StorageClass')),
    encrypts: readEncryption(childText(metadata, 'SSEAlgorithm')),
    algorithm: readAlgorithm(childText(operation, 'ChecksumAlgorithm')),
    modifiedSince: readDate(operation, 'ModifiedSinceConstraint'),
    unmodifiedSince: readDate(operation, 'UnModifiedSinceConstraint'),
  };
}

function checkMembers(given: readonly XmlElement[]): void {
  const names = given.map(({ name }) => name);
  const refused = names.find(name => REFUSED.includes(name));
  if (refused !== undefined) throw notImplemented(`S3PutObjectCopy with ${refused}`);
  for (const { name, text } of given) {
    if (name === 'RequesterPays') readBoolean(text, false);
    if (name === 'BucketKeyEnabled' && readBoolean(text, false)) {
      throw notImplemented('S3PutObjectCopy with BucketKeyEnabled');
    }
  }
}

function readTarget(text: string | undefined): string {
  const arn = required(limited(text, 'TargetResource', 1, 128), 'TargetResource');
  if (/^arn:[^:]+:s3express:/.test(arn)) {
    throw notImplemented('S3PutObjectCopy to a directory bucket');
  }
  if (/^arn:[^:]+:s3:[^:]+:/.test(arn)) {
    throw notImplemented('S3PutObjectCopy to an access point');
  }
  const [, bucket] = /^arn:[^:]+:s3:::([^/:]+)$/.exec(arn) ?? [];
  if (bucket === undefined) {
    throw invalidRequest('The TargetResource of S3PutObjectCopy must be the ARN of a bucket.');
  }
  return bucket;
}

/** New metadata replace the old ones, unless the request says otherwise. */
function readDirective(text: string | undefined, replaces: boolean): 'COPY' | 'REPLACE' {
  const directive = text ?? (replaces ? 'REPLACE' : 'COPY');
  if (directive !== 'COPY' && directive !== 'REPLACE') throw malformedXml();
  return directive;
}

const HEADERS = [
  ['CacheControl', 'cache-control'],
  ['ContentDisposition', 'content-disposition'],
  ['ContentEncoding', 'content-encoding'],
  ['ContentLanguage', 'content-language'],
  ['ContentType', 'content-type'],
] as const;

function readHeaders(metadata: XmlElement | undefined): Record<string, string> {
  const given = HEADERS.flatMap(([member, header]) => {
    const value = limited(childText(metadata, member), member, 1, 1024);
    return value === undefined ? [] : [[header, inHeader(value, member)] as const];
  });
  const expires = readDate(metadata, 'HttpExpiresDate');
  return {
    'content-type': 'binary/octet-stream',
    ...Object.fromEntries(given),
    ...(expires !== undefined && { expires }),
  };
}

function readUserMetadata(map: XmlElement | undefined): Record<string, string> {
  const entries = childrenOf(map, 'entry').map((entry): [string, string] => {
    const key = limited(childText(entry, 'key'), 'The key of UserMetadata', 1, 1024);
    const value = limited(childText(entry, 'value') ?? '', 'A value of UserMetadata', 0, 1024);
    const name = required(key, 'The key of UserMetadata').toLowerCase();
    if (!/^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(name)) {
      throw invalidRequest(`The key ${name} of UserMetadata can't be a header's name.`);
    }
    return [name, inHeader(value ?? '', 'UserMetadata')];
  });
  if (entries.length > MAX_USER_METADATA) {
    throw invalidRequest(`UserMetadata must have ${MAX_USER_METADATA} entries at most.`);
  }
  return Object.fromEntries(entries);
}

/** What AWS makes of other characters is not documented. */
function inHeader(value: string, member: string): string {
  if (/^[\t\x20-\x7e]*$/.test(value)) return value;
  throw invalidRequest(`${member} must have US-ASCII characters only.`);
}

function readStorageClass(text: string | undefined): string | undefined {
  if (text !== undefined && !STORAGE_CLASSES.includes(text)) throw malformedXml();
  return text;
}

function readEncryption(text: string | undefined): boolean {
  if (text === 'KMS') throw notImplemented('S3PutObjectCopy with the SSEAlgorithm KMS');
  if (text !== undefined && text !== 'AES256') throw malformedXml();
  return text !== undefined;
}

function readAlgorithm(text: string | undefined): S3PutObjectCopy['algorithm'] {
  if (text === undefined || isChecksumAlgorithm(text)) return text;
  if (!OTHER_ALGORITHMS.includes(text)) throw malformedXml();
  throw notImplemented(`S3PutObjectCopy with the ChecksumAlgorithm ${text}`);
}

/** A time in ISO 8601, as a date of HTTP. */
function readDate(parent: XmlElement | undefined, name: string): string | undefined {
  const text = childText(parent, name);
  if (text === undefined) return undefined;
  const time = new Date(text);
  if (!/^\d{4}-\d\d-\d\dT/.test(text) || Number.isNaN(time.getTime())) {
    throw invalidRequest(`${name} must be a time in ISO 8601.`);
  }
  return time.toUTCString();
}
