import { authorize } from './access/authorize.ts';
import { header } from '../request.ts';
import { element, textElement } from '../xml.ts';
import { checksumElement } from './checksums.ts';
import { invalidArgument } from './errors.ts';
import { findObject } from './getObject.ts';
import type { RouteTable, S3Operation } from './s3Call.ts';
import { s3Arn, xmlAnswer } from './s3Call.ts';
import type { ObjectVersion } from './store/versions.ts';

const ATTRIBUTES: Readonly<Record<string, (object: ObjectVersion) => string>> = {
  ETag: object => textElement('ETag', object.eTag),
  Checksum: ({ checksum }) =>
    checksum
      ? element(
          'Checksum',
          textElement(checksumElement(checksum.algorithm), checksum.value),
          textElement('ChecksumType', checksum.type),
        )
      : '',
  ObjectParts: object =>
    // Only an object that was uploaded in parts has them.
    object.eTag.includes('-')
      ? element('ObjectParts', textElement('PartsCount', object.blobs.length))
      : '',
  StorageClass: object => textElement('StorageClass', object.storageClass),
  ObjectSize: object => textElement('ObjectSize', object.size),
};

const getObjectAttributes: S3Operation = (context, { request, caller, bucket, key }) => {
  const text = header(request, 'x-amz-object-attributes') ?? '';
  const names = text
    .split(',')
    .map(name => name.trim())
    .filter(Boolean);
  if (names.length === 0 || names.some(name => !Object.hasOwn(ATTRIBUTES, name))) {
    throw invalidArgument('Invalid attribute name specified.', 'x-amz-object-attributes', text);
  }
  const versionId = request.query.get('versionId');
  const found = findObject(context, caller, { bucket, key, versionId }, [
    's3:GetObject',
    's3:GetObjectVersion',
  ]);
  // S3 asks for a permission of its own beside that to read.
  const action = versionId === undefined ? 'Attributes' : 'VersionAttributes';
  authorize(context, caller, `s3:GetObject${action}`, s3Arn(bucket, key));
  const { object } = found;
  const answer = xmlAnswer(
    'GetObjectAttributesResponse',
    ...Object.entries(ATTRIBUTES)
      .filter(([name]) => names.includes(name))
      .map(([, render]) => render(object)),
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
