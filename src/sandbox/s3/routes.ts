import { AwsError, notImplemented } from '../errors.ts';
import { header } from '../request.ts';
import { BUCKET_OPERATIONS } from './buckets/bucketOperations.ts';
import { BUCKET_POLICY_OPERATIONS } from './buckets/bucketPolicyOperations.ts';
import { BUCKET_PROTECTION_OPERATIONS } from './buckets/bucketProtection.ts';
import { BUCKET_SETTINGS_OPERATIONS } from './buckets/bucketSettings.ts';
import { COPY_OPERATIONS } from './copyOperations.ts';
import { DELETE_OPERATIONS } from './objects/deleteOperations.ts';
import { invalidArgument, invalidRequest, methodNotAllowed } from './errors.ts';
import { LIST_UPLOAD_OPERATIONS } from './multipart/listUploads.ts';
import { LIST_OPERATIONS } from './listings/listOperations.ts';
import { VERSION_LIST_OPERATIONS } from './listings/listVersions.ts';
import { MULTIPART_OPERATIONS } from './multipart/multipartOperations.ts';
import { NOTIFICATION_OPERATIONS } from './notifications/notificationOperations.ts';
import { ACL_OPERATIONS } from './acl/aclOperations.ts';
import { ATTRIBUTE_OPERATIONS } from './objects/objectAttributes.ts';
import { OBJECT_OPERATIONS } from './objectOperations.ts';
import { REFUSED_BUCKET_OPERATIONS, REFUSED_OBJECT_OPERATIONS } from './refusedOperations.ts';
import { RESTORE_OPERATIONS } from './restore/restoreOperation.ts';
import type { RouteTable, S3Call, S3Operation } from './s3Call.ts';
import { TAGGING_OPERATIONS } from './objects/taggingOperations.ts';
import { UNCONFIGURED_OPERATIONS } from './buckets/unconfigured.ts';

/** Every operation by method, what the path names, and the query's subresource. */
const ROUTES = new Map<string, readonly [name: string, operation: S3Operation]>(
  [
    BUCKET_OPERATIONS,
    BUCKET_SETTINGS_OPERATIONS,
    BUCKET_PROTECTION_OPERATIONS,
    BUCKET_POLICY_OPERATIONS,
    ACL_OPERATIONS,
    UNCONFIGURED_OPERATIONS,
    NOTIFICATION_OPERATIONS,
    LIST_OPERATIONS,
    VERSION_LIST_OPERATIONS,
    OBJECT_OPERATIONS,
    COPY_OPERATIONS,
    DELETE_OPERATIONS,
    ATTRIBUTE_OPERATIONS,
    TAGGING_OPERATIONS,
    MULTIPART_OPERATIONS,
    LIST_UPLOAD_OPERATIONS,
    RESTORE_OPERATIONS,
  ].flatMap((table: RouteTable) => Object.entries(table)),
);

/** Every operation that S3 has here. */
export const OPERATION_NAMES: readonly string[] = [...ROUTES.values()].map(([name]) => name);

/** Query parameters that choose another operation, by what the path names. */
const SUBRESOURCES = {
  service: new Set<string>(),
  bucket: new Set(Object.keys(REFUSED_BUCKET_OPERATIONS)),
  object: new Set(Object.keys(REFUSED_OBJECT_OPERATIONS)),
};

const ALL_SUBRESOURCES = new Set([...SUBRESOURCES.bucket, ...SUBRESOURCES.object]);

/** Parameters that a PUT of an object and its copies may carry as headers. */
const COPY_SOURCE = 'x-amz-copy-source';

/**
 * The operation a request asks for; without `operation` when the sandbox does not have it.
 * @throws AwsError MethodNotAllowed when S3 has no such operation either, InvalidArgument for two at once,
 * BadRequest for a preflight.
 */
export function findRoute(call: S3Call): { name: string; operation?: S3Operation } {
  const { method } = call.request;
  if (method === 'OPTIONS') throw withoutOrigin();
  const target = call.bucket === '' ? 'service' : call.key === '' ? 'bucket' : 'object';
  if (method === 'PUT' && target === 'object') checkPart(call);
  const subresource = subresourceOf(call, target);
  const copies = method === 'PUT' && header(call.request, COPY_SOURCE) !== undefined;
  const words = [method, target, subresource, copies ? COPY_SOURCE : undefined];
  const route = ROUTES.get(words.filter(Boolean).join(' '));
  if (route) return { name: route[0], operation: route[1] };
  const refused = refusedName(target, method, subresource);
  if (refused !== undefined) return { name: refused };
  throw methodNotAllowed(method, target.toUpperCase());
}

/**
 * A part has an upload and a number: what lacks one of them is no object.
 * (versity/versitygw#1236 and #1237 have S3's answers.)
 */
function checkPart({ request: { method, query } }: S3Call): void {
  const names = new Set(query.pairs.map(([name]) => name));
  const [numbered, ofUpload] = [names.has('partNumber'), names.has('uploadId')];
  if (numbered && !ofUpload) {
    throw invalidArgument(
      'This operation does not accept partNumber without uploadId',
      'partNumber',
      'partNumber',
    );
  }
  if (ofUpload && !numbered) {
    throw methodNotAllowed(method, 'UPLOAD', { allow: 'DELETE, POST, GET' });
  }
}

type Target = keyof typeof SUBRESOURCES;

function subresourceOf({ request: { method, query } }: S3Call, target: Target): string | undefined {
  if (query.pairs.length === 0) return undefined;
  const named = new Set(query.pairs.map(([name]) => name));
  const own = [...named].filter(name => SUBRESOURCES[target].has(name)).sort();
  const [first] = own;
  if (first !== undefined && own.length > 1) {
    const message = `Conflicting query string parameters: ${own.join(', ')}`;
    throw invalidArgument(message, 'ResourceType', first);
  }
  const reads = method === 'GET' || method === 'HEAD';
  if (target === 'object' && method === 'GET' && named.has('versions')) {
    // Of a key S3 says so (versity/versitygw#1688).
    throw invalidRequest('There is no such thing as the ?versions sub-resource for a key');
  }
  const foreign = [...named].find(name => ALL_SUBRESOURCES.has(name));
  // Else a bucket or an object would be written or deleted for a request that speaks of something else.
  if (first === undefined && foreign !== undefined && !reads && target !== 'service') {
    throw notImplemented(
      `${method} of ${target === 'object' ? 'an object' : 'a bucket'} with ?${foreign}`,
    );
  }
  return first ?? (target === 'bucket' && named.has('list-type') ? 'list-type' : undefined);
}

/** A preflight; one with an Origin never comes so far (recorded). */
function withoutOrigin(): AwsError {
  const message = 'Insufficient information. Origin request header needed.';
  return new AwsError('BadRequest', 400, message);
}

function refusedName(
  target: Target,
  method: string,
  subresource: string | undefined,
): string | undefined {
  if (subresource === undefined) {
    return method === 'POST' && target === 'bucket' ? 'PostObject' : undefined;
  }
  const table = target === 'object' ? REFUSED_OBJECT_OPERATIONS : REFUSED_BUCKET_OPERATIONS;
  const methods: Readonly<Record<string, string | undefined>> = table[subresource] ?? {};
  return methods[method];
}
