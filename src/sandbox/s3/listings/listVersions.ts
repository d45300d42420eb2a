import { authorize } from '../access/authorize.ts';
import { element, textElement } from '../../xml.ts';
import type { S3Context } from '../s3Context.ts';
import { invalidArgument } from '../errors.ts';
import { checkVersionId } from '../objects/getObject.ts';
import { resumeAfter } from '../keyOrder.ts';
import { renderChecksumKind, renderOwner } from './listOperations.ts';
import { readListParameters } from '../listParameters.ts';
import type { ListParameters } from '../listParameters.ts';
import type { ListEntry, ListPage } from './listing.ts';
import { listPage } from './listing.ts';
import { readRestoreStatus } from '../restore/restoreStatus.ts';
import type { RouteTable, S3Call, S3Operation } from '../s3Call.ts';
import { findBucket, s3Arn, xmlAnswer } from '../s3Call.ts';
import type { ListedVersionRow } from '../store/versions.ts';
import { timestamp } from '../timestamp.ts';
import { placeOf } from '../objects/versionIds.ts';

interface Markers {
  readonly key?: string;
  readonly versionId?: string;
}

const listObjectVersions: S3Operation = (context, call) => {
  const { query } = call.request;
  const parameters = readListParameters(query, 'max-keys');
  const { prefix, delimiter, maxKeys, encode, encodingType } = parameters;
  const markers = { key: query.get('key-marker'), versionId: query.get('version-id-marker') };
  const status = readRestoreStatus(call.request, context.clock.now());
  const page = list(context, call, parameters, markers);
  const next = page.truncated ? page.entries.at(-1) : undefined;
  const owner = renderOwner(context);
  return xmlAnswer(
    'ListVersionsResult',
    textElement('Name', call.bucket),
    textElement('Prefix', encode(prefix)),
    textElement('KeyMarker', encode(markers.key ?? '')),
    textElement('VersionIdMarker', markers.versionId ?? ''),
    ...(next ? renderNextMarkers(next, encode) : []),
    textElement('MaxKeys', maxKeys),
    textElement('Delimiter', delimiter === '' ? undefined : encode(delimiter)),
    textElement('EncodingType', encodingType),
    textElement('IsTruncated', page.truncated),
    ...page.entries.map(entry => renderEntry(entry, encode, owner, status)),
  );
};

function list(
  context: S3Context,
  { bucket: name, caller }: S3Call,
  { prefix, delimiter, maxKeys }: ListParameters,
  markers: Markers,
): ListPage<ListedVersionRow> {
  const bucket = findBucket(context, name);
  authorize(context, caller, 's3:ListBucketVersions', s3Arn(name), {
    's3:prefix': prefix,
    's3:delimiter': delimiter,
    's3:max-keys': String(maxKeys),
  });
  const { key = '', versionId } = markers;
  checkMarkers(markers);
  const range = { bucketId: bucket.id, prefix, delimiter, max: maxKeys };
  const { versions } = context.s3;
  if (versionId === undefined || key === '') {
    const from = key === '' ? '' : resumeAfter(key, prefix, delimiter);
    if (from === undefined) return { entries: [], truncated: false };
    return listPage(versions.all, { ...range, from });
  }
  const place = versions.find(bucket.id, key, versionId)?.seq ?? placeOfGone(versionId);
  return listPage(versions.all, { ...range, from: key }, row => row.key !== key || row.seq < place);
}

/**
 * Where the listing continues when the marker's version was deleted meanwhile: where it was. A null
 * version could have been anywhere, so that all of the key's come, rather than that one is missing.
 * @throws AwsError InvalidArgument for an id that no version had.
 */
function placeOfGone(versionId: string): number {
  const place = versionId === 'null' ? Number.POSITIVE_INFINITY : placeOf(versionId);
  if (place !== undefined) return place;
  throw invalidArgument('Invalid version id specified', 'version-id-marker', versionId);
}

function checkMarkers({ key, versionId }: Markers): void {
  if (versionId === undefined) return;
  if (key === undefined) {
    throw invalidArgument(
      'A version-id marker cannot be specified without a key marker.',
      'version-id-marker',
      versionId,
    );
  }
  checkVersionId(versionId);
}

function renderNextMarkers(
  entry: ListEntry<ListedVersionRow>,
  encode: (text: string) => string,
): string[] {
  if ('prefix' in entry) return [textElement('NextKeyMarker', encode(entry.prefix))];
  return [
    textElement('NextKeyMarker', encode(entry.row.key)),
    textElement('NextVersionIdMarker', entry.row.version_id),
  ];
}

function renderEntry(
  entry: ListEntry<ListedVersionRow>,
  encode: (text: string) => string,
  owner: string,
  status: (restore: string | null) => string,
): string {
  if ('prefix' in entry) {
    return element('CommonPrefixes', textElement('Prefix', encode(entry.prefix)));
  }
  const { row } = entry;
  const common = [
    textElement('Key', encode(row.key)),
    textElement('VersionId', row.version_id),
    textElement('IsLatest', row.latest === 1),
    textElement('LastModified', timestamp(row.modified)),
  ];
  if (row.marker === 1) return element('DeleteMarker', ...common, owner);
  return element(
    'Version',
    ...common,
    `<ETag>&quot;${row.etag}&quot;</ETag>`,
    renderChecksumKind(row.checksum),
    textElement('Size', row.size),
    owner,
    textElement('StorageClass', row.storage_class),
    status(row.restore),
  );
}

export const VERSION_LIST_OPERATIONS: RouteTable = {
  'GET bucket versions': ['ListObjectVersions', listObjectVersions],
};
