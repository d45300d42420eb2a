import { authorize } from '../access/authorize.ts';
import { header } from '../../request.ts';
import { element, textElement } from '../../xml.ts';
import { checksumElement } from '../checksums.ts';
import { invalidArgument } from '../errors.ts';
import { findObject, objectContext } from './getObject.ts';
import type { RouteTable, S3Operation } from '../s3Call.ts';
import { s3Arn, xmlAnswer } from '../s3Call.ts';
import type { ObjectVersion } from '../store/versions.ts';
import { readInteger, readMax } from '../listParameters.ts';

/** Which parts of an object are listed. */
interface PartsPage {
  readonly max: number;
  /** The number of the part before the first. */
  readonly after: number;
}

const ATTRIBUTES: Readonly<Record<string, (object: ObjectVersion, page: PartsPage) => string>> = {
  ETag: object => textElement('ETag', object.eTag),
  Checksum: ({ checksum }) =>
    checksum
      ? element(
          'Checksum',
          // Without the number of parts behind a composite one (recorded).
          textElement(checksumElement(checksum.algorithm), checksum.value.split('-')[0]),
          textElement('ChecksumType', checksum.type),
        )
      : '',
  ObjectParts: renderParts,
  StorageClass: object => textElement('StorageClass', object.storageClass),
  ObjectSize: object => textElement('ObjectSize', object.size),
};

/** Only an object that was uploaded in parts has them; only a composite one has them listed (recorded). */
function renderParts(object: ObjectVersion, { max, after }: PartsPage): string {
  const { eTag, blobs, checksum, partChecksums } = object;
  if (!eTag.includes('-')) return '';
  const count = textElement('PartsCount', blobs.length);
  if (checksum === undefined || partChecksums === undefined) return element('ObjectParts', count);
  const listed = blobs.slice(after, after + max);
  return element(
    'ObjectParts',
    count,
    textElement('PartNumberMarker', after),
    textElement('NextPartNumberMarker', listed.length === 0 ? 0 : after + listed.length),
    textElement('MaxParts', max),
    textElement('IsTruncated', after + listed.length < blobs.length),
    ...listed.map(({ size }, index) =>
      element(
        'Part',
        textElement('PartNumber', after + index + 1),
        textElement('Size', size),
        textElement(checksumElement(checksum.algorithm), partChecksums[after + index]),
      ),
    ),
  );
}

const getObjectAttributes: S3Operation = (context, { request, caller, bucket, key }) => {
  const text = header(request, 'x-amz-object-attributes') ?? '';
  const names = text
    .split(',')
    .map(name => name.trim())
    .filter(Boolean);
  if (names.length === 0 || names.some(name => !Object.hasOwn(ATTRIBUTES, name))) {
    throw invalidArgument('Invalid attribute name specified.', 'x-amz-object-attributes', text);
  }
  const marker = header(request, 'x-amz-part-number-marker') ?? '';
  const page = {
    max: readMax(header(request, 'x-amz-max-parts'), 'x-amz-max-parts'),
    after: marker === '' ? 0 : readInteger(marker, 'x-amz-part-number-marker'),
  };
  const versionId = request.query.get('versionId');
  const found = findObject(context, caller, { bucket, key, versionId }, [
    's3:GetObject',
    's3:GetObjectVersion',
  ]);
  // S3 asks for a permission of its own beside that to read.
  const action = versionId === undefined ? 'Attributes' : 'VersionAttributes';
  const { object } = found;
  const conditions = objectContext(object, versionId);
  authorize(context, caller, `s3:GetObject${action}`, s3Arn(bucket, key), conditions);
  const answer = xmlAnswer(
    'GetObjectAttributesResponse',
    ...Object.entries(ATTRIBUTES)
      .filter(([name]) => names.includes(name))
      .map(([, render]) => render(object, page)),
  );
  const version: Record<string, string> = found.bucket.versioning
    ? { 'x-amz-version-id': object.versionId }
    : {};
  const modified = { 'last-modified': object.modified.toUTCString() };
  return { ...answer, headers: { ...answer.headers, ...modified, ...version } };
};

export const ATTRIBUTE_OPERATIONS: RouteTable = {
  'GET object attributes': ['GetObjectAttributes', getObjectAttributes],
};
