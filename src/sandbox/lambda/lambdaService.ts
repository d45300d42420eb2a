import { randomUUID } from 'node:crypto';
import { notImplemented } from '../errors.ts';
import type { AwsError, ErrorFields } from '../errors.ts';
import type { SandboxRequest, SandboxResponse } from '../request.ts';
import type { ServiceAdapter } from '../serviceAdapter.ts';
import { decodeUri } from '../uri.ts';
import { CODE_PATH } from './operations/codeLocation.ts';
import {
  deleteFunctionConcurrency,
  getAccountSettings,
  getFunctionCodeSigningConfig,
  getFunctionConcurrency,
  putFunctionConcurrency,
} from './operations/concurrencyOperations.ts';
import { createFunction } from './operations/createFunction.ts';
import {
  deleteFunctionEventInvokeConfig,
  getFunctionEventInvokeConfig,
  listFunctionEventInvokeConfigs,
  putFunctionEventInvokeConfig,
  updateFunctionEventInvokeConfig,
} from './operations/eventInvokeOperations.ts';
import { listTags, tagResource, untagResource } from './operations/functionTags.ts';
import { invoke } from './operations/invokeOperation.ts';
import { bodyTooLarge, MAX_REQUEST } from './operations/lambdaCall.ts';
import type { LambdaOperation } from './operations/lambdaCall.ts';
import type { LambdaContext } from './lambdaContext.ts';
import { addPermission, getPolicy, removePermission } from './operations/policyOperations.ts';
import {
  deleteFunction,
  downloadCode,
  getFunction,
  getFunctionConfiguration,
  listFunctions,
  listVersionsByFunction,
} from './operations/readFunctions.ts';
import { unknownOperation } from './operations/unknownOperations.ts';
import { updateFunctionCode, updateFunctionConfiguration } from './operations/updateFunction.ts';

type Route = readonly [method: string, path: string, name: string, operation: LambdaOperation];

const FUNCTIONS = '/2015-03-31/functions';
const EVENT_INVOKE = '/2019-09-25/functions';

/** `{}` is one segment of the path, `{+}` everything that is left. */
const ROUTES: readonly (readonly [RegExp, Route])[] = (
  [
    ['POST', FUNCTIONS, 'CreateFunction', createFunction],
    ['GET', FUNCTIONS, 'ListFunctions', listFunctions],
    ['GET', `${FUNCTIONS}/{}`, 'GetFunction', getFunction],
    ['DELETE', `${FUNCTIONS}/{}`, 'DeleteFunction', deleteFunction],
    ['GET', `${FUNCTIONS}/{}/configuration`, 'GetFunctionConfiguration', getFunctionConfiguration],
    [
      'PUT',
      `${FUNCTIONS}/{}/configuration`,
      'UpdateFunctionConfiguration',
      updateFunctionConfiguration,
    ],
    ['PUT', `${FUNCTIONS}/{}/code`, 'UpdateFunctionCode', updateFunctionCode],
    ['GET', `${FUNCTIONS}/{}/versions`, 'ListVersionsByFunction', listVersionsByFunction],
    ['POST', `${FUNCTIONS}/{}/policy`, 'AddPermission', addPermission],
    ['GET', `${FUNCTIONS}/{}/policy`, 'GetPolicy', getPolicy],
    ['DELETE', `${FUNCTIONS}/{}/policy/{}`, 'RemovePermission', removePermission],
    ['POST', `${FUNCTIONS}/{}/invocations`, 'InvokeFunction', invoke],
    [
      'PUT',
      '/2017-10-31/functions/{}/concurrency',
      'PutFunctionConcurrency',
      putFunctionConcurrency,
    ],
    [
      'DELETE',
      '/2017-10-31/functions/{}/concurrency',
      'DeleteFunctionConcurrency',
      deleteFunctionConcurrency,
    ],
    [
      'GET',
      '/2019-09-30/functions/{}/concurrency',
      'GetFunctionConcurrency',
      getFunctionConcurrency,
    ],
    [
      'GET',
      '/2020-06-30/functions/{}/code-signing-config',
      'GetFunctionCodeSigningConfig',
      getFunctionCodeSigningConfig,
    ],
    [
      'PUT',
      `${EVENT_INVOKE}/{}/event-invoke-config`,
      'PutFunctionEventInvokeConfig',
      putFunctionEventInvokeConfig,
    ],
    [
      'POST',
      `${EVENT_INVOKE}/{}/event-invoke-config`,
      'UpdateFunctionEventInvokeConfig',
      updateFunctionEventInvokeConfig,
    ],
    [
      'GET',
      `${EVENT_INVOKE}/{}/event-invoke-config`,
      'GetFunctionEventInvokeConfig',
      getFunctionEventInvokeConfig,
    ],
    [
      'DELETE',
      `${EVENT_INVOKE}/{}/event-invoke-config`,
      'DeleteFunctionEventInvokeConfig',
      deleteFunctionEventInvokeConfig,
    ],
    [
      'GET',
      `${EVENT_INVOKE}/{}/event-invoke-config/list`,
      'ListFunctionEventInvokeConfigs',
      listFunctionEventInvokeConfigs,
    ],
    ['GET', '/2017-03-31/tags/{+}', 'ListTags', listTags],
    ['POST', '/2017-03-31/tags/{+}', 'TagResource', tagResource],
    ['DELETE', '/2017-03-31/tags/{+}', 'UntagResource', untagResource],
    ['GET', '/2016-08-19/account-settings', 'GetAccountSettings', getAccountSettings],
    ['GET', `${CODE_PATH}{}`, 'GetFunction', downloadCode],
  ] satisfies Route[]
).map(route => [patternOf(route[1]), route]);

function patternOf(path: string): RegExp {
  const source = path.replaceAll('{+}', '(.+)').replaceAll('{}', '([^/]+)');
  // The SDKs add a slash to some paths and not to others.
  return new RegExp(`^${source}/?$`);
}

/** What is of Lambda, though nobody signed it: its paths begin with a date that is no bucket's name. */
const UNSIGNED_PATH =
  /^\/20\d\d-\d\d-\d\d\/(functions|event-source-mappings|layers|tags|account-settings)(\/|$)/;

/** Routes tell the action that a policy must allow, which is the operation's name but for Invoke. */
function policyAction([, , action]: Route): string {
  return action === 'InvokeFunction' ? 'Invoke' : action;
}

/** Lambda's control API and Invoke: REST with JSON bodies. */
export const lambdaService = (context: LambdaContext): ServiceAdapter => ({
  name: 'lambda',
  operations: ROUTES.map(([, route]) => policyAction(route)),
  accepts: ({ rawPath }, signingName) =>
    signingName === 'lambda' || (signingName === '' && UNSIGNED_PATH.test(rawPath)),
  operationOf: ({ request }) => {
    const found = ROUTES.find(
      ([path, [method]]) => method === request.method && path.test(request.rawPath),
    );
    return found && policyAction(found[1]);
  },
  handle: async call => {
    const { method, rawPath } = call.request;
    for (const [pattern, [wanted, , operation, run]] of ROUTES) {
      const match = wanted === method ? pattern.exec(rawPath) : null;
      if (match === null) continue;
      const [subject = '', detail = ''] = match.slice(1).map(decodeUri);
      const answer = await run(context, { ...call, subject, detail, operation });
      return { ...answer, headers: { 'x-amzn-requestid': randomUUID(), ...answer.headers } };
    }
    throw notImplemented(unknownOperation(method, rawPath));
  },
  renderError,
});

/** What S3 calls it on the left, what Lambda calls it on the right. */
const CODES: Readonly<
  Record<string, readonly [code: string, status: number, message?: string] | undefined>
> = {
  AccessDenied: ['AccessDeniedException', 403],
  InvalidAccessKeyId: [
    'UnrecognizedClientException',
    403,
    'The security token included in the request is invalid.',
  ],
  InvalidToken: [
    'UnrecognizedClientException',
    403,
    'The security token included in the request is invalid.',
  ],
  ExpiredToken: [
    'ExpiredTokenException',
    403,
    'The security token included in the request is expired',
  ],
  SignatureDoesNotMatch: ['InvalidSignatureException', 403],
  RequestTimeTooSkewed: ['InvalidSignatureException', 403],
  MaxMessageLengthExceeded: ['RequestEntityTooLargeException', 413],
  InternalError: ['ServiceException', 500],
};

function renderError(error: AwsError, request: SandboxRequest): SandboxResponse {
  const unsigned = error.headers['x-amz-sandbox-reason'] === 'unsigned';
  const [code, status, said = error.message] = unsigned
    ? (['MissingAuthenticationTokenException', 403, 'Missing Authentication Token'] as const)
    : (CODES[error.code] ?? ([error.code, error.status] as const));
  const message = error.code === 'MaxMessageLengthExceeded' ? tooLargeFor(request) : said;
  return {
    status,
    headers: {
      'content-type': 'application/json',
      'x-amzn-errortype': code,
      'x-amzn-requestid': randomUUID(),
      ...error.headers,
    },
    body: JSON.stringify(errorBody(code, status, message || null, error.fields)),
  };
}

/** Errors whose text is in `Message`; in all others it is in `message` (recorded). */
const CAPITALS: ReadonlySet<string> = new Set([
  'ResourceNotFoundException',
  'AccessDeniedException',
  'RequestEntityTooLargeException',
]);
/** Errors that come before Lambda's own code, which have no Type (recorded). */
const UNTYPED: ReadonlySet<string> = new Set([
  'ValidationException',
  'AccessDeniedException',
  'RequestEntityTooLargeException',
  'InvalidSignatureException',
  'UnrecognizedClientException',
  'MissingAuthenticationTokenException',
  'ExpiredTokenException',
]);

function errorBody(
  code: string,
  status: number,
  message: string | null,
  { Type: type = status < 500 ? 'User' : 'Service', ...fields }: ErrorFields,
): object {
  return {
    ...(UNTYPED.has(code) || type === '' ? {} : { Type: type }),
    [CAPITALS.has(code) ? 'Message' : 'message']: message,
    // Those of a signature that is wrong are said by S3 only.
    ...(UNTYPED.has(code) ? {} : fields),
  };
}

/**
 * The limit is found when the body is read, which may be before Lambda sees the request.
 * @returns what AWS says of a body that is too large for the operation
 */
function tooLargeFor({ method, rawPath }: SandboxRequest): string {
  const route = ROUTES.find(([pattern, [wanted]]) => wanted === method && pattern.test(rawPath));
  return bodyTooLarge(route?.[1][2] ?? 'unknown', MAX_REQUEST).message;
}
