import { methodNotAllowed } from './errors.ts';
import { BUCKET_OPERATIONS } from './bucketOperations.ts';
import { OBJECT_OPERATIONS } from './objectOperations.ts';
import type { S3Call, S3Operation } from './s3Call.ts';

/** Where an operation lives: the method, what the path names, and the query's subresource. */
type RouteKey = `${string} ${'service' | 'bucket' | 'object'}${string}`;

export type RouteTable = Readonly<Record<RouteKey, readonly [name: string, S3Operation]>>;

const ROUTES = new Map(Object.entries({ ...BUCKET_OPERATIONS, ...OBJECT_OPERATIONS }));

/**
 * The operation a request asks for; without `operation` when the sandbox does not have it.
 * @throws AwsError MethodNotAllowed
 */
export function findRoute(call: S3Call): { name: string; operation?: S3Operation } {
  const { method } = call.request;
  const target = call.bucket === '' ? 'service' : call.key === '' ? 'bucket' : 'object';
  const route = ROUTES.get(`${method} ${target}`);
  if (!route) throw methodNotAllowed(method, target.toUpperCase());
  return { name: route[0], operation: route[1] };
}
