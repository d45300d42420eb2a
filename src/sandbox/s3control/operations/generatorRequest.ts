import { notImplemented } from '../../errors.ts';
import { childOf, childText, childrenOf } from '../../xml.ts';
import type { XmlElement } from '../../xml.ts';
import type {
  GeneratorFilter,
  KeyNameConstraint,
  ManifestGenerator,
  ManifestOutput,
} from '../job.ts';
import { invalidRequest, limited, readBoolean, required } from './requestLimits.ts';

const STORAGE_CLASSES = [
  'STANDARD',
  'STANDARD_IA',
  'ONEZONE_IA',
  'GLACIER',
  'INTELLIGENT_TIERING',
  'DEEP_ARCHIVE',
  'GLACIER_IR',
];
const REPLICATION_STATUSES = ['COMPLETED', 'FAILED', 'REPLICA', 'NONE'];
const ENCRYPTIONS = ['SSE-S3', 'SSE-KMS', 'DSSE-KMS', 'SSE-C', 'NOT-SSE'];

/**
 * Reads the ManifestGenerator of CreateJob. Whether the bucket is there is found out when the manifest is
 * made.
 * @throws AwsError InvalidRequest, MalformedXML, NotImplemented
 */
export function readGenerator(element: XmlElement): ManifestGenerator {
  const generator = childOf(element, 'S3JobManifestGenerator');
  if (generator === undefined) {
    throw invalidRequest('ManifestGenerator must have an S3JobManifestGenerator.');
  }
  const enable = required(childText(generator, 'EnableManifestOutput'), 'EnableManifestOutput');
  const enableOutput = readBoolean(enable, false);
  const output = readOutput(childOf(generator, 'ManifestOutputLocation'));
  if (enableOutput && output === undefined) {
    throw invalidRequest('EnableManifestOutput needs a ManifestOutputLocation.');
  }
  return {
    expectedBucketOwner: childText(generator, 'ExpectedBucketOwner'),
    sourceBucketArn: readBucketArn(generator, 'SourceBucket'),
    output,
    enableOutput,
    filter: readFilter(childOf(generator, 'Filter')),
  };
}

function readBucketArn(parent: XmlElement, name: string): string {
  const arn = childText(parent, name) ?? '';
  if (arn.length > 128 || !/^arn:[^:]+:s3:::[^/]+$/.test(arn)) {
    throw invalidRequest(`The ${name} of the ManifestGenerator must be the ARN of a bucket.`);
  }
  return arn;
}

function readOutput(location: XmlElement | undefined): ManifestOutput | undefined {
  if (location === undefined) return undefined;
  if (childText(location, 'ManifestFormat') !== 'S3InventoryReport_CSV_20211130') {
    throw invalidRequest('The ManifestFormat must be S3InventoryReport_CSV_20211130.');
  }
  const encryption = childOf(location, 'ManifestEncryption');
  if (childOf(encryption, 'SSE-KMS')) {
    throw notImplemented('CreateJob with a ManifestEncryption of SSE-KMS');
  }
  return {
    expectedBucketOwner: childText(location, 'ExpectedManifestBucketOwner'),
    bucketArn: readBucketArn(location, 'Bucket'),
    prefix: limited(childText(location, 'ManifestPrefix'), 'ManifestPrefix', 1, 512),
    encrypted: encryption !== undefined,
  };
}

function readFilter(filter: XmlElement | undefined): GeneratorFilter | undefined {
  if (filter === undefined) return undefined;
  if (childOf(filter, 'EligibleForReplication')) {
    throw notImplemented('CreateJob with the filter EligibleForReplication');
  }
  return {
    createdAfter: readTime(filter, 'CreatedAfter'),
    createdBefore: readTime(filter, 'CreatedBefore'),
    keyNames: readKeyNames(childOf(filter, 'KeyNameConstraint')),
    sizeGreaterThan: readSize(filter, 'ObjectSizeGreaterThanBytes'),
    sizeLessThan: readSize(filter, 'ObjectSizeLessThanBytes'),
    storageClasses: readChoices(filter, 'MatchAnyStorageClass', STORAGE_CLASSES),
    replicationStatuses: readChoices(filter, 'ObjectReplicationStatuses', REPLICATION_STATUSES),
    encryption: readEncryption(childOf(filter, 'MatchAnyObjectEncryption')),
  };
}

function readTime(filter: XmlElement, name: string): string | undefined {
  const text = childText(filter, name);
  if (text === undefined) return undefined;
  const time = new Date(text);
  if (!/^\d{4}-\d\d-\d\dT/.test(text) || Number.isNaN(time.getTime())) {
    throw invalidRequest(`${name} must be a time in ISO 8601.`);
  }
  return time.toISOString();
}

function readSize(filter: XmlElement, name: string): number | undefined {
  const text = childText(filter, name);
  if (text === undefined) return undefined;
  if (!/^\d{1,15}$/.test(text)) throw invalidRequest(`${name} must be a number of bytes.`);
  return Number(text);
}

function readChoices(
  filter: XmlElement,
  name: string,
  choices: readonly string[],
): readonly string[] | undefined {
  const list = childOf(filter, name);
  if (list === undefined) return undefined;
  const values = membersOf(list);
  const unknown = values.find(value => !choices.includes(value));
  if (unknown !== undefined) throw invalidRequest(`${name} ${unknown} is not valid.`);
  return values;
}

function readKeyNames(constraint: XmlElement | undefined): KeyNameConstraint | undefined {
  if (constraint === undefined) return undefined;
  const read = (name: string): readonly string[] | undefined => {
    const list = childOf(constraint, name);
    if (list === undefined) return undefined;
    const values = membersOf(list);
    if (values.length !== 1) throw invalidRequest(`${name} must have exactly one string.`);
    values.forEach(value => limited(value, `The string of ${name}`, 1, 1024));
    return values;
  };
  return {
    prefixes: read('MatchAnyPrefix'),
    suffixes: read('MatchAnySuffix'),
    substrings: read('MatchAnySubstring'),
  };
}

function readEncryption(list: XmlElement | undefined): string | undefined {
  if (list === undefined) return undefined;
  const filters = childrenOf(list, 'ObjectEncryption');
  const [kind] = filters[0]?.children ?? [];
  if (filters.length !== 1 || kind === undefined || !ENCRYPTIONS.includes(kind.name)) {
    throw invalidRequest('MatchAnyObjectEncryption must have exactly one kind of encryption.');
  }
  if (kind.children.length > 0) {
    throw notImplemented(`CreateJob with the filter ${kind.children[0]?.name ?? kind.name}`);
  }
  return kind.name;
}

function membersOf(list: XmlElement): string[] {
  return childrenOf(list, 'member').map(member => member.text);
}
