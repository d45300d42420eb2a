import { AwsError, notImplemented } from '../../errors.ts';
import { header } from '../../request.ts';
import type { XmlElement } from '../../xml.ts';
import { childOf, childText, childrenOf, element, malformedXml, textElement } from '../../xml.ts';
import type { XmlShape } from '../../xmlShape.ts';
import type { S3Context } from '../s3Context.ts';
import { deleteObject } from './deleteObject.ts';
import { noSuchVersion } from '../errors.ts';
import type { RouteTable, S3Call, S3Operation } from '../s3Call.ts';
import { checkKey, findBucket, xmlAnswer } from '../s3Call.ts';
import { readXmlBody, requireDigest } from '../xmlBody.ts';

const MAX_DELETES = 1000;
const DELETE: XmlShape = {
  Quiet: 'text',
  'Object*': {
    ...{ Key: 'text', VersionId: 'text', ETag: 'text' },
    ...{ LastModifiedTime: 'text', Size: 'text' },
  },
};
/** Conditions on a key that only directory buckets know (API reference, "ObjectIdentifier"). */
const FOR_DIRECTORY_BUCKETS = ['LastModifiedTime', 'Size'];

const deleteOne: S3Operation = (context, { caller, bucket, key, request }) => {
  const output = deleteObject(context, caller, {
    bucket,
    key,
    versionId: request.query.get('versionId'),
    ifMatch: header(request, 'if-match'),
    request,
  });
  return {
    status: 204,
    headers: {
      ...(output.deleteMarker ? { 'x-amz-delete-marker': 'true' } : {}),
      ...(output.versionId === undefined ? {} : { 'x-amz-version-id': output.versionId }),
    },
  };
};

const deleteMany: S3Operation = async (context, call) => {
  findBucket(context, call.bucket);
  requireDigest(call);
  const root = await readXmlBody(call, 'Delete', DELETE);
  const objects = childrenOf(root, 'Object');
  if (objects.length === 0 || objects.length > MAX_DELETES) throw malformedXml();
  const condition = FOR_DIRECTORY_BUCKETS.find(name => objects.some(each => childOf(each, name)));
  if (condition !== undefined) throw notImplemented(`DeleteObjects with ${condition}`);
  const quiet = childText(root, 'Quiet')?.toLowerCase() === 'true';
  // One commit for all of them; each answers for itself.
  const results = context.store.transaction(() =>
    objects.map(object => deleteListed(context, call, object, quiet)),
  );
  return xmlAnswer('DeleteResult', ...results);
};

function deleteListed(
  context: S3Context,
  { caller, bucket, request }: S3Call,
  object: XmlElement,
  quiet: boolean,
): string {
  const key = childText(object, 'Key');
  if (key === undefined || key === '') throw malformedXml();
  const versionId = childText(object, 'VersionId');
  try {
    checkKey(key);
    const output = deleteObject(context, caller, {
      bucket,
      key,
      versionId,
      ifMatch: childText(object, 'ETag'),
      request,
      ofMany: true,
    });
    if (quiet) return '';
    return element(
      'Deleted',
      textElement('Key', key),
      textElement('VersionId', versionId),
      textElement('DeleteMarker', output.deleteMarker || undefined),
      textElement('DeleteMarkerVersionId', output.deleteMarker ? output.versionId : undefined),
    );
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const { code, message } = inList(error, key, versionId);
    return element(
      'Error',
      textElement('Key', key),
      textElement('VersionId', versionId),
      textElement('Code', code),
      textElement('Message', message),
    );
  }
}

/** What is an invalid version for DeleteObject is one that does not exist here (recorded). */
function inList(error: AwsError, key: string, versionId = ''): AwsError {
  return error.code === 'InvalidArgument' ? noSuchVersion(key, versionId) : error;
}

export const DELETE_OPERATIONS: RouteTable = {
  'DELETE object': ['DeleteObject', deleteOne],
  'POST bucket delete': ['DeleteObjects', deleteMany],
};
