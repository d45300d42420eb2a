import type { AwsError } from '../errors.ts';
import { AwsError as AwsErrorClass, notImplemented } from '../errors.ts';
import { AWS_REGIONS, REGION } from '../region.ts';
import type { SandboxRequest, SandboxResponse } from '../request.ts';
import type { ServiceAdapter } from '../serviceAdapter.ts';
import { textElement, xmlDocument } from '../xml.ts';
import type { S3Context } from './s3Context.ts';
import { callerWithContext } from './access/requestContext.ts';
import { withQueryHeaders } from './presignedHeaders.ts';
import { checkHeaders } from './refusedHeaders.ts';
import { OPERATION_NAMES, findRoute } from './routes.ts';
import type { S3Call } from './s3Call.ts';
import { readResource } from './s3Call.ts';

/** Operations that a bucket answers whatever region the request was signed for. */
const ANY_REGION: ReadonlySet<string> = new Set(['CreateBucket', 'GetBucketLocation']);

/** Amazon S3: paths are buckets and keys, errors are a bare `<Error>`. */
export const s3Service = (context: S3Context): ServiceAdapter => ({
  name: 's3',
  operations: OPERATION_NAMES,
  accepts: (_request, signingName) => signingName === 's3' || signingName === '',
  anonymous: true,
  operationOf: (call, virtualBucket) =>
    findRoute({ ...call, ...readResource(call.request, virtualBucket) }).name,
  handle: (call, virtualBucket) => {
    const resource = readResource(call.request, virtualBucket);
    const given: S3Call = withQueryHeaders({ ...call, ...resource });
    const s3Call: S3Call = { ...given, caller: callerWithContext(context.clock, given) };
    const { name, operation } = findRoute(s3Call);
    checkSignedRegion(context, s3Call);
    if (!operation) throw notImplemented(name);
    if (!ANY_REGION.has(name)) checkRegion(context, s3Call);
    checkHeaders(context, s3Call, name);
    return operation(context, s3Call);
  },
  renderError,
});

/** What is no Region at all can't be the right one, such as `aws-global` (recorded). */
function checkSignedRegion({ s3 }: S3Context, { bucket, region, presigned }: S3Call): void {
  if (AWS_REGIONS.has(region)) return;
  const expected = s3.buckets.find(bucket)?.region ?? REGION;
  const wrong = `the region '${region}' is wrong; expecting '${expected}'`;
  const fields = { Region: expected };
  throw presigned
    ? new AwsErrorClass(
        'AuthorizationQueryParametersError',
        400,
        `Error parsing the X-Amz-Credential parameter; ${wrong}`,
        fields,
      )
    : new AwsErrorClass(
        'AuthorizationHeaderMalformed',
        400,
        `The authorization header is malformed; ${wrong}`,
        fields,
      );
}

function checkRegion(context: S3Context, { bucket: name, region }: S3Call): void {
  const bucket = name === '' ? undefined : context.s3.buckets.find(name);
  if (!bucket || bucket.region === region) return;
  throw new AwsErrorClass(
    'PermanentRedirect',
    301,
    'The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.',
    { Endpoint: `s3.${bucket.region}.amazonaws.com`, Bucket: name },
    { 'x-amz-bucket-region': bucket.region },
  );
}

function renderError(error: AwsError, request: SandboxRequest): SandboxResponse {
  const headers = { 'content-type': 'application/xml', ...error.headers };
  if (error.status === 304) return { status: 304, headers: error.headers };
  const body = xmlDocument(
    'Error',
    undefined,
    textElement('Code', error.code),
    textElement('Message', error.message),
    ...Object.entries(error.fields).map(([name, value]) => textElement(name, value)),
    textElement('RequestId', request.requestId),
    textElement('HostId', request.extendedRequestId),
  );
  return { status: error.status, headers, body };
}
