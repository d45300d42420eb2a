import { authorize } from '../access/authorize.ts';
import { element, textElement } from '../../xml.ts';
import { ownerId } from '../ownerId.ts';
import { checksumElement } from '../checksums.ts';
import { commonPrefix, compareKeys, resumeAfter } from '../keyOrder.ts';
import { readInteger, readListParameters, readMax } from '../listParameters.ts';
import type { ListParameters } from '../listParameters.ts';
import { renderInitiator, renderUploadChecksum, uploadOf } from './multipartOperations.ts';
import type { RouteTable, S3Operation } from '../s3Call.ts';
import { findBucket, s3Arn, xmlAnswer } from '../s3Call.ts';
import type { Upload } from '../store/uploads.ts';
import { timestamp } from '../timestamp.ts';
import { invalidArgument } from '../errors.ts';

const listParts: S3Operation = (context, call) => {
  const { query } = call.request;
  const upload = uploadOf(context, call, 's3:ListMultipartUploadParts');
  const max = readMax(query.get('max-parts'), 'max-parts');
  const after = readMarker(query.get('part-number-marker'));
  const rest = context.s3.uploads.parts(upload.id).filter(part => part.number > after);
  const page = rest.slice(0, max);
  const truncated = rest.length > page.length;
  const { algorithm, chosen } = upload.checksum;
  return xmlAnswer(
    'ListPartsResult',
    textElement('Bucket', call.bucket),
    textElement('Key', call.key),
    textElement('UploadId', upload.id),
    renderInitiator(upload, ownerId(context)),
    textElement('StorageClass', upload.properties.storageClass),
    renderUploadChecksum(upload),
    textElement('PartNumberMarker', after),
    textElement('NextPartNumberMarker', page.at(-1)?.number ?? 0),
    textElement('MaxParts', max),
    textElement('IsTruncated', truncated),
    ...page.map(part =>
      element(
        'Part',
        textElement('PartNumber', part.number),
        textElement('LastModified', timestamp(part.modified)),
        textElement('ETag', `"${part.eTag}"`),
        textElement('Size', part.blob.size),
        textElement(checksumElement(algorithm), chosen ? part.checksum : undefined),
      ),
    ),
  );
};

/** Nothing is the beginning, as recorded also where the parameter stands without a value. */
function readMarker(text: string | undefined): number {
  return text === undefined || text === '' ? 0 : readInteger(text, 'part-number-marker');
}

const listUploads: S3Operation = (context, call) => {
  const { query } = call.request;
  const bucket = findBucket(context, call.bucket);
  authorize(context, call.caller, 's3:ListBucketMultipartUploads', s3Arn(call.bucket));
  const parameters = readListParameters(query, 'max-uploads');
  const { prefix, delimiter, maxKeys, encode, encodingType } = parameters;
  const keyMarker = query.get('key-marker') ?? '';
  const idMarker = query.get('upload-id-marker') ?? '';
  const all = context.s3.uploads.ofBucket(bucket.id);
  const rest = after(all, parameters, keyMarker, checkIdMarker(all, keyMarker, idMarker));
  const { uploads, prefixes, truncated } = page(rest, parameters);
  // As recorded, the markers name the last upload, on the last page too; never a common prefix.
  const last = uploads.at(-1);
  return xmlAnswer(
    'ListMultipartUploadsResult',
    textElement('Bucket', call.bucket),
    textElement('KeyMarker', encode(keyMarker)),
    // It counts for nothing without a key (recorded).
    textElement('UploadIdMarker', keyMarker === '' ? '' : idMarker),
    textElement('NextKeyMarker', encode(last?.key ?? '')),
    textElement('NextUploadIdMarker', last?.id ?? ''),
    textElement('Prefix', prefix === '' ? undefined : encode(prefix)),
    textElement('Delimiter', delimiter === '' ? undefined : encode(delimiter)),
    textElement('EncodingType', encodingType),
    textElement('MaxUploads', maxKeys),
    textElement('IsTruncated', truncated),
    ...uploads.map(upload =>
      element(
        'Upload',
        textElement('Key', encode(upload.key)),
        textElement('UploadId', upload.id),
        renderInitiator(upload, ownerId(context)),
        textElement('StorageClass', upload.properties.storageClass),
        textElement('Initiated', timestamp(upload.initiated)),
        renderUploadChecksum(upload),
      ),
    ),
    ...prefixes.map(text => element('CommonPrefixes', textElement('Prefix', encode(text)))),
  );
};

/**
 * A marker that counts: it means nothing without a key.
 * @throws AwsError InvalidArgument for an upload of another key (recorded), and what is no upload's id.
 */
function checkIdMarker(all: readonly Upload[], keyMarker: string, idMarker: string): string {
  if (keyMarker === '' || idMarker === '') return '';
  const marked = all.find(upload => upload.id === idMarker);
  if (marked ? marked.key === keyMarker : /^[\w-]{64}$/.test(idMarker)) return idMarker;
  throw invalidArgument('Invalid uploadId marker', 'upload-id-marker', idMarker);
}

function after(
  all: readonly Upload[],
  { prefix, delimiter }: ListParameters,
  keyMarker: string,
  idMarker: string,
): Upload[] {
  const matching = all.filter(upload => upload.key.startsWith(prefix));
  if (keyMarker === '') return matching;
  const marked = matching.findIndex(upload => upload.key === keyMarker && upload.id === idMarker);
  if (marked !== -1) return matching.slice(marked + 1);
  // An upload that has ended meanwhile: all others of its key, so that none is missing.
  const from = idMarker === '' ? resumeAfter(keyMarker, prefix, delimiter) : keyMarker;
  return matching.filter(upload => from !== undefined && compareKeys(upload.key, from) >= 0);
}

function page(
  rest: readonly Upload[],
  { prefix, delimiter, maxKeys }: ListParameters,
): { uploads: Upload[]; prefixes: string[]; truncated: boolean } {
  const uploads: Upload[] = [];
  const prefixes: string[] = [];
  for (const upload of rest) {
    const common = commonPrefix(upload.key, prefix, delimiter);
    if (common !== undefined && common === prefixes.at(-1)) continue;
    if (uploads.length + prefixes.length === maxKeys) {
      return { uploads, prefixes, truncated: maxKeys > 0 };
    }
    if (common === undefined) uploads.push(upload);
    else prefixes.push(common);
  }
  return { uploads, prefixes, truncated: false };
}

export const LIST_UPLOAD_OPERATIONS: RouteTable = {
  'GET object uploadId': ['ListParts', listParts],
  'GET bucket uploads': ['ListMultipartUploads', listUploads],
};
