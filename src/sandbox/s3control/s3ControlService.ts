import type { AwsError } from '../errors.ts';
import { AwsError as ControlError, notImplemented } from '../errors.ts';
import { header } from '../request.ts';
import type { Call, SandboxRequest, SandboxResponse } from '../request.ts';
import type { ServiceAdapter } from '../serviceAdapter.ts';
import { decodeUri } from '../uri.ts';
import { element, textElement, xmlDocument } from '../xml.ts';
import type { JobContext } from './jobContext.ts';
import { NAMESPACE } from './operations/controlCall.ts';
import type { ControlOperation } from './operations/controlCall.ts';
import { createJob } from './operations/createJob.ts';
import { describeJob, listJobs } from './operations/readJobs.ts';
import { deleteJobTagging, getJobTagging, putJobTagging } from './operations/jobTagging.ts';
import { updateJobPriority, updateJobStatus } from './operations/updateJob.ts';

const VERSION = '/v20180820/';
const ACCOUNT = 'x-amz-account-id';

type Route = readonly [method: string, path: RegExp, name: string, operation: ControlOperation];

const ROUTES: readonly Route[] = [
  ['POST', /^jobs$/, 'CreateJob', createJob],
  ['GET', /^jobs$/, 'ListJobs', listJobs],
  ['GET', /^jobs\/([^/]+)$/, 'DescribeJob', describeJob],
  ['POST', /^jobs\/([^/]+)\/priority$/, 'UpdateJobPriority', updateJobPriority],
  ['POST', /^jobs\/([^/]+)\/status$/, 'UpdateJobStatus', updateJobStatus],
  ['GET', /^jobs\/([^/]+)\/tagging$/, 'GetJobTagging', getJobTagging],
  ['PUT', /^jobs\/([^/]+)\/tagging$/, 'PutJobTagging', putJobTagging],
  ['DELETE', /^jobs\/([^/]+)\/tagging$/, 'DeleteJobTagging', deleteJobTagging],
];

/**
 * S3 Control. It shares its signing name and its port with S3, so that its version in the path and
 * the account in a header distinguish it; what stands before the host's name (the account) is
 * ignored.
 */
export const s3ControlService = (context: JobContext): ServiceAdapter => ({
  name: 's3control',
  operations: ROUTES.map(([, , name]) => name),
  accepts: (request, signingName) =>
    (signingName === 's3' || signingName === '') &&
    request.rawPath.startsWith(VERSION) &&
    (header(request, ACCOUNT) !== undefined || /^\/v20180820\/jobs(\/|$)/.test(request.rawPath)),
  operationOf: ({ request }) => {
    const path = request.rawPath.slice(VERSION.length);
    return ROUTES.find(route => route[0] === request.method && route[1].test(path))?.[2];
  },
  handle: call => {
    checkAccount(context, call);
    const path = call.request.rawPath.slice(VERSION.length);
    for (const [method, pattern, , operation] of ROUTES) {
      const match = call.request.method === method ? pattern.exec(path) : null;
      if (match) return operation(context, { ...call, jobId: decodeUri(match[1] ?? '') });
    }
    throw notImplemented(`S3 Control ${call.request.method} ${path}`);
  },
  renderError,
});

function checkAccount(context: JobContext, { request }: Call): void {
  const accountId = header(request, ACCOUNT);
  if (accountId === undefined) {
    throw new ControlError('InvalidRequest', 400, `Missing required header: ${ACCOUNT}`);
  }
  if (accountId !== context.accountId) {
    throw new ControlError('AccessDenied', 403, 'Access Denied');
  }
}

/** Unlike S3, S3 Control wraps its errors. */
function renderError(error: AwsError, request: SandboxRequest): SandboxResponse {
  const body = xmlDocument(
    'ErrorResponse',
    NAMESPACE,
    element(
      'Error',
      textElement('Type', error.status < 500 ? 'Sender' : 'Receiver'),
      textElement('Code', error.code),
      textElement('Message', error.message),
      ...Object.entries(error.fields).map(([name, value]) => textElement(name, value)),
    ),
    textElement('RequestId', request.requestId),
    textElement('HostId', request.extendedRequestId),
  );
  const headers = { 'content-type': 'application/xml', ...error.headers };
  return { status: error.status, headers, body };
}
