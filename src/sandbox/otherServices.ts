import { signingNameOf } from './auth/claim.ts';
import { readBody } from './compressedBody.ts';
import { AwsError, notImplemented } from './errors.ts';
import { jsonResponse, renderJsonError } from './jsonProtocol.ts';
import { renderQueryError } from './queryProtocol.ts';
import type { SandboxRequest } from './request.ts';
import { QueryParameters, header } from './request.ts';
import type { ServiceAdapter } from './serviceAdapter.ts';

/** The signing names of services that there are; what is signed for another one is for none of them. */
const OWN_NAMES: ReadonlySet<string> = new Set([
  's3',
  'sts',
  'iam',
  'monitoring',
  'cloudtrail',
  'lambda',
  'logs',
]);
/** What stands in X-Amz-Target for services that there are. */
const OWN_TARGETS =
  /^(Logs_20140328|GraniteServiceVersion20100801|CloudTrail_20131101|com\.amazonaws\.cloudtrail\.v20131101\.CloudTrail_20131101)\./;
/** The API versions of services of the query protocol that there are: IAM, STS, CloudWatch. */
const OWN_VERSIONS: ReadonlySet<string> = new Set(['2010-05-08', '2011-06-15', '2010-08-01']);
/** The operations of STS that need no signature. */
const SIGNED_BY_OTHERS: ReadonlySet<string> = new Set([
  'AssumeRoleWithWebIdentity',
  'AssumeRoleWithSAML',
]);
const MAX_BODY = 64 * 1024;

type Kind = 'json' | 'query' | 'rest';

function kindOf(request: SandboxRequest): Kind {
  if (header(request, 'x-amz-target') !== undefined) return 'json';
  const isForm = header(request, 'content-type')?.startsWith('application/x-www-form-urlencoded');
  return request.rawPath === '/' && (isForm || request.query.has('Action')) ? 'query' : 'rest';
}

/**
 * What is for a service that the sandbox has not, or that nobody signed and is not for S3: refused by its
 * own name, in its own protocol, rather than as a request of S3 that it never was.
 */
export const otherServices: ServiceAdapter = {
  name: undefined,
  operations: [],
  operationOf: () => undefined,
  anonymous: true,
  accepts: (request, signingName) =>
    signingName === '' ? kindOf(request) !== 'rest' : !OWN_NAMES.has(signingName),
  handle: async ({ request }) => {
    const kind = kindOf(request);
    if (kind === 'json') throw refusal(request, header(request, 'x-amz-target') ?? '');
    if (kind === 'rest') {
      throw notImplemented(`${signingNameOf(request)} ${request.method} ${request.rawPath}`);
    }
    const form =
      request.method === 'POST'
        ? new QueryParameters((await readBody(request, MAX_BODY)).toString('utf8'))
        : request.query;
    const action = form.get('Action') ?? 'a request without Action';
    const isOwn = OWN_VERSIONS.has(form.get('Version') ?? '') && !SIGNED_BY_OTHERS.has(action);
    throw isOwn && signingNameOf(request) === '' ? unsigned() : refusal(request, action);
  },
  renderError: (error, request) =>
    kindOf(request) === 'query'
      ? renderQueryError(error, request, undefined)
      : jsonResponse({ version: '1.1' }, request, error.status, renderJsonError(error), error),
};

function refusal(request: SandboxRequest, name: string): AwsError {
  const service = signingNameOf(request);
  if (service === '' && OWN_TARGETS.test(name)) return unsigned();
  return notImplemented(service === '' ? name : `${service} ${name}`);
}

function unsigned(): AwsError {
  return new AwsError(
    'AccessDenied',
    403,
    'Access Denied',
    {},
    { 'x-amz-sandbox-reason': 'unsigned' },
  );
}
