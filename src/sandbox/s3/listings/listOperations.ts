import { AwsError } from '../../errors.ts';
import { authorize } from '../access/authorize.ts';
import { element, textElement } from '../../xml.ts';
import type { S3Context } from '../s3Context.ts';
import { ownerId } from '../ownerId.ts';
import { justAfter, prefixEnd, resumeAfter } from '../keyOrder.ts';
import type { ListParameters } from '../listParameters.ts';
import { readListParameters } from '../listParameters.ts';
import type { ListEntry, ListPage } from './listing.ts';
import { listPage } from './listing.ts';
import { readRestoreStatus } from '../restore/restoreStatus.ts';
import type { SandboxResponse } from '../../request.ts';
import type { RouteTable, S3Call, S3Operation } from '../s3Call.ts';
import { findBucket, s3Arn, xmlAnswer } from '../s3Call.ts';
import type { CurrentRow } from '../store/versions.ts';
import { timestamp } from '../timestamp.ts';

/** A page of objects, with the bucket's Region in a header as HeadBucket has it (recorded). */
function listAnswer(
  context: S3Context,
  { bucket }: S3Call,
  ...children: readonly string[]
): SandboxResponse {
  const answer = xmlAnswer('ListBucketResult', ...children);
  const region = findBucket(context, bucket).region;
  return { ...answer, headers: { ...answer.headers, 'x-amz-bucket-region': region } };
}

const listObjectsV2: S3Operation = (context, call) => {
  const { query } = call.request;
  const token = query.get('continuation-token');
  const startAfter = query.get('start-after');
  const parameters = readListParameters(query, 'max-keys');
  const { prefix, delimiter, maxKeys, encode, encodingType } = parameters;
  const from = token === undefined ? resumeOrNothing(startAfter, parameters) : readToken(token);
  const status = readRestoreStatus(call.request, context.clock.now());
  const page = list(context, call, parameters, from);
  const owner = query.get('fetch-owner') === 'true' ? renderOwner(context) : '';
  return listAnswer(
    context,
    call,
    textElement('Name', call.bucket),
    textElement('Prefix', encode(prefix)),
    textElement('Delimiter', delimiter === '' ? undefined : encode(delimiter)),
    // With a token it counts for nothing, and is not told (recorded).
    textElement('StartAfter', startAfter === undefined || token ? undefined : encode(startAfter)),
    textElement('EncodingType', encodingType),
    textElement('MaxKeys', maxKeys),
    textElement('KeyCount', page.entries.length),
    textElement('IsTruncated', page.truncated),
    textElement('ContinuationToken', token),
    textElement('NextContinuationToken', page.truncated ? nextToken(page) : undefined),
    ...page.entries.map(entry => renderEntry(entry, encode, owner, status)),
  );
};

const listObjectsV1: S3Operation = (context, call) => {
  const { query } = call.request;
  const marker = query.get('marker');
  const parameters = readListParameters(query, 'max-keys');
  const { prefix, delimiter, maxKeys, encode, encodingType } = parameters;
  const status = readRestoreStatus(call.request, context.clock.now());
  const page = list(context, call, parameters, resumeOrNothing(marker, parameters));
  const last = page.entries.at(-1);
  // Who is nobody is not told whose the objects are (recorded).
  const owner = call.caller.kind === 'anonymous' ? '' : renderOwner(context);
  return listAnswer(
    context,
    call,
    textElement('Name', call.bucket),
    textElement('Prefix', encode(prefix)),
    textElement('Marker', encode(marker ?? '')),
    // Without a delimiter the last key of the page serves as the next marker.
    textElement(
      'NextMarker',
      page.truncated && delimiter !== '' && last ? encode(keyOrPrefix(last)) : undefined,
    ),
    textElement('Delimiter', delimiter === '' ? undefined : encode(delimiter)),
    textElement('EncodingType', encodingType),
    textElement('MaxKeys', maxKeys),
    textElement('IsTruncated', page.truncated),
    ...page.entries.map(entry => renderEntry(entry, encode, owner, status)),
  );
};

function resumeOrNothing(
  after: string | undefined,
  { prefix, delimiter }: ListParameters,
): string | undefined {
  return after === undefined || after === '' ? '' : resumeAfter(after, prefix, delimiter);
}

function list(
  context: S3Context,
  { bucket: name, caller }: S3Call,
  { prefix, delimiter, maxKeys }: ListParameters,
  from: string | undefined,
): ListPage<CurrentRow> {
  const bucket = findBucket(context, name);
  authorize(context, caller, 's3:ListBucket', s3Arn(name), {
    's3:prefix': prefix,
    's3:delimiter': delimiter,
    's3:max-keys': String(maxKeys),
  });
  if (from === undefined) return { entries: [], truncated: false };
  const range = { bucketId: bucket.id, prefix, delimiter, from, max: maxKeys };
  return listPage(context.s3.versions.current, range);
}

function keyOrPrefix(entry: ListEntry<CurrentRow>): string {
  return 'row' in entry ? entry.row.key : entry.prefix;
}

/** The next page's first key; opaque to clients. */
function nextToken(page: ListPage<CurrentRow>): string {
  const last = page.entries.at(-1);
  if (!last) return '';
  const from = 'row' in last ? justAfter(last.row.key) : (prefixEnd(last.prefix) ?? '');
  return Buffer.from(`1${from}`).toString('base64');
}

function readToken(token: string): string {
  const text = Buffer.from(token, 'base64').toString('utf8');
  if (text.startsWith('1') && Buffer.from(text).toString('base64') === token) return text.slice(1);
  throw new AwsError('InvalidArgument', 400, 'The continuation token provided is incorrect', {
    ArgumentName: 'continuation-token',
    ...(token === '' ? {} : { ArgumentValue: token }),
  });
}

/** The owner has no DisplayName: AWS dropped it in 2025. */
export function renderOwner(context: Pick<S3Context, 'accountId'>): string {
  return element('Owner', textElement('ID', ownerId(context)));
}

function renderEntry(
  entry: ListEntry<CurrentRow>,
  encode: (text: string) => string,
  owner: string,
  status: (restore: string | null) => string,
): string {
  if ('prefix' in entry) {
    return element('CommonPrefixes', textElement('Prefix', encode(entry.prefix)));
  }
  const { row } = entry;
  return element(
    'Contents',
    textElement('Key', encode(row.key)),
    textElement('LastModified', timestamp(row.modified)),
    `<ETag>&quot;${row.etag}&quot;</ETag>`,
    renderChecksumKind(row.checksum),
    `<Size>${row.size}</Size>`,
    owner,
    textElement('StorageClass', row.storage_class),
    status(row.restore),
  );
}

export function renderChecksumKind(text: string | null): string {
  if (text === null) return '';
  const [algorithm, type] = text.split(' ', 2);
  return `<ChecksumAlgorithm>${algorithm ?? ''}</ChecksumAlgorithm><ChecksumType>${type ?? ''}</ChecksumType>`;
}

export const LIST_OPERATIONS: RouteTable = {
  'GET bucket': ['ListObjects', listObjectsV1],
  'GET bucket list-type': ['ListObjectsV2', listObjectsV2],
};
