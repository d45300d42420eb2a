import { matchFunctionName } from '../lambda/functionName.ts';
import type { Call } from '../request.ts';
import { QueryParameters } from '../request.ts';
import { decodeUri } from '../uri.ts';
import { readResource } from '../s3/s3Call.ts';
import type { XmlElement } from '../xml.ts';
import { parseXml } from '../xml.ts';

/** What an event of CloudTrail names and says of a request. */
export interface ManagementEvent {
  /** Who answered: `lambda.amazonaws.com` … */
  readonly source: string;
  readonly name: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly resource?: { readonly type: string; readonly name: string };
}

/**
 * Lambda's names carry the version of its API (Lambda developer guide, "Logging Lambda API calls using
 * CloudTrail").
 */
const LAMBDA: readonly (readonly [method: string, path: RegExp, name: string])[] = [
  ['POST', /^\/2015-03-31\/functions\/?$/, 'CreateFunction20150331'],
  ['PUT', /^\/2015-03-31\/functions\/([^/]+)\/code\/?$/, 'UpdateFunctionCode20150331v2'],
  [
    'PUT',
    /^\/2015-03-31\/functions\/([^/]+)\/configuration\/?$/,
    'UpdateFunctionConfiguration20150331v2',
  ],
  ['DELETE', /^\/2015-03-31\/functions\/([^/]+)\/?$/, 'DeleteFunction20150331'],
  ['POST', /^\/2015-03-31\/functions\/([^/]+)\/policy\/?$/, 'AddPermission20150331v2'],
  ['DELETE', /^\/2015-03-31\/functions\/([^/]+)\/policy\/[^/]+$/, 'RemovePermission20150331v2'],
];

/** Members of Lambda's requests that are no secrets, as environments and zips may be. */
const LAMBDA_MEMBERS: ReadonlySet<string> = new Set([
  ...['FunctionName', 'Runtime', 'Role', 'Handler', 'Timeout', 'MemorySize', 'Publish', 'DryRun'],
  ...['Architectures', 'PackageType', 'StatementId', 'Action', 'Principal', 'SourceArn'],
  'SourceAccount',
]);

/** Writes of IAM that are recorded; none of their parameters is a secret. */
const IAM: ReadonlySet<string> = new Set([
  ...['CreateRole', 'DeleteRole', 'UpdateAssumeRolePolicy', 'PutRolePolicy', 'DeleteRolePolicy'],
  ...[
    'TagRole',
    'UntagRole',
    'AttachRolePolicy',
    'DetachRolePolicy',
    'CreatePolicy',
    'DeletePolicy',
  ],
  ...['CreatePolicyVersion', 'DeletePolicyVersion', 'SetDefaultPolicyVersion'],
  ...['TagPolicy', 'UntagPolicy'],
]);

/**
 * The event that CloudTrail records of a request; undefined for reads, data events (objects,
 * invocations) and what the sandbox doesn't record.
 * @param succeeded only then the body is known to be what the operation takes
 */
export function managementEvent(
  call: Call,
  virtualBucket: string | undefined,
  succeeded: boolean,
): ManagementEvent | undefined {
  const { signingName, request } = call;
  // IAM's requests are forms, which may come by GET.
  if (signingName === 'iam') return iamEvent(call);
  if (request.method === 'GET' || request.method === 'HEAD') return undefined;
  if (signingName === 'lambda') return lambdaEvent(call, succeeded);
  if (signingName !== 's3') return undefined;
  return request.rawPath.startsWith('/v20180820/jobs')
    ? jobEvent(call)
    : bucketEvent(call, virtualBucket, succeeded);
}

function lambdaEvent({ request }: Call, succeeded: boolean): ManagementEvent | undefined {
  for (const [method, path, name] of LAMBDA) {
    const match = method === request.method ? path.exec(request.rawPath) : null;
    if (match === null) continue;
    const subject = match[1] === undefined ? undefined : decodeUri(match[1]);
    const members = succeeded ? jsonMembers(request.body.kept) : {};
    const functionName = subject ?? members['functionName'];
    const parameters = { ...members, ...(functionName !== undefined && { functionName }) };
    if (typeof functionName !== 'string') return event('lambda', name, parameters);
    const plain = matchFunctionName(functionName)?.name ?? functionName;
    return event('lambda', name, parameters, 'AWS::Lambda::Function', plain);
  }
  return undefined;
}

function jsonMembers(body: Buffer | undefined): Record<string, unknown> {
  if (body === undefined || body.length === 0) return {};
  const members = Object.entries(JSON.parse(body.toString('utf8')) as object);
  return Object.fromEntries(
    members
      .filter(([name]) => LAMBDA_MEMBERS.has(name))
      .map(([name, value]) => [lowerFirst(name), value as unknown]),
  );
}

/** S3 Batch Operations records as S3 (S3 user guide, "Amazon S3 CloudTrail events"). */
function jobEvent({ request }: Call): ManagementEvent | undefined {
  const [, jobId, action] = /^\/v20180820\/jobs(?:\/([^/]+)\/(status|priority))?$/.exec(
    request.rawPath,
  ) ?? [undefined, undefined, undefined];
  if (request.method !== 'POST') return undefined;
  if (jobId === undefined) return event('s3', 'CreateJob', {});
  const name = action === 'status' ? 'UpdateJobStatus' : 'UpdateJobPriority';
  const parameters = Object.fromEntries(request.query.pairs);
  return event('s3', name, { jobId: decodeUri(jobId), ...parameters });
}

/**
 * Events of S3 are named after the actions of IAM, so that the configuration of notifications is put by
 * `PutBucketNotification` (S3 user guide, "Amazon S3 CloudTrail events").
 */
function bucketEvent(
  { request }: Call,
  virtualBucket: string | undefined,
  succeeded: boolean,
): ManagementEvent | undefined {
  const { bucket, key } = readResource(request, virtualBucket);
  if (bucket === '' || key !== '') return undefined;
  const { method, query } = request;
  const resource = ['AWS::S3::Bucket', bucket] as const;
  if (method === 'PUT' && query.has('notification')) {
    const parameters = { bucketName: bucket, ...(succeeded && xmlMembers(request.body.kept)) };
    return event('s3', 'PutBucketNotification', parameters, ...resource);
  }
  if (query.pairs.some(([name]) => name !== 'x-id')) return undefined;
  const name = { PUT: 'CreateBucket', DELETE: 'DeleteBucket' }[method];
  return name === undefined ? undefined : event('s3', name, { bucketName: bucket }, ...resource);
}

function xmlMembers(body: Buffer | undefined): Record<string, unknown> {
  if (body === undefined) return {};
  const root = parseXml(body.toString('utf8'));
  return { [root.name]: xmlValue(root) };
}

/** CloudTrail writes what stands once as a value, what stands more often as a list. */
function xmlValue({ children, text }: XmlElement): unknown {
  if (children.length === 0) return text;
  const groups = Map.groupBy(children, ({ name }) => name);
  return Object.fromEntries(
    [...groups].map(([name, [first, ...others]]) => {
      const values = [first, ...others].flatMap(each => (each ? [xmlValue(each)] : []));
      return [name, others.length === 0 ? values[0] : values];
    }),
  );
}

function iamEvent({ request }: Call): ManagementEvent | undefined {
  const { kept } = request.body;
  const form = request.method === 'GET' ? request.query : parametersOf(kept);
  const action = form.get('Action') ?? '';
  if (!IAM.has(action)) return undefined;
  const members = form.pairs.filter(([name]) => name !== 'Action' && name !== 'Version');
  const parameters = Object.fromEntries(members.map(([name, value]) => [lowerFirst(name), value]));
  return event('iam', action, parameters, 'AWS::IAM::Role', form.get('RoleName'));
}

function parametersOf(body: Buffer | undefined): QueryParameters {
  return new QueryParameters(body?.toString('utf8') ?? '');
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

function event(
  service: string,
  name: string,
  parameters: Readonly<Record<string, unknown>>,
  type?: string,
  resource?: string,
): ManagementEvent {
  return {
    source: `${service}.amazonaws.com`,
    name,
    parameters,
    ...(type !== undefined && resource !== undefined && { resource: { type, name: resource } }),
  };
}
