import { readBody } from './compressedBody.ts';
import { AwsError, notImplemented } from './errors.ts';
import type { Call, SandboxRequest, SandboxResponse } from './request.ts';
import { QueryParameters } from './request.ts';
import type { ServiceName } from './requestedFaults/faultRule.ts';
import type { ServiceAdapter } from './serviceAdapter.ts';
import { element, textElement, xmlDocument } from './xml.ts';

/** One operation: its parameters in, the markup inside `<…Result>` out (empty: no result). */
export type QueryOperation<Context> = (
  context: Context,
  call: Call,
  parameters: QueryParameters,
) => string | Promise<string>;

export interface QueryServiceOptions<Context> {
  readonly name: ServiceName;
  readonly signingName: string;
  readonly namespace: string;
  /** Of the API, which requests must name. */
  readonly version: string;
  readonly operations: Readonly<Record<string, QueryOperation<Context>>>;
}

const MAX_BODY = 1024 * 1024;

/** What S3 calls it on the left, what IAM and STS call it on the right. */
const CODES: Readonly<Record<string, readonly [string, string] | undefined>> = {
  InvalidAccessKeyId: [
    'InvalidClientTokenId',
    'The security token included in the request is invalid.',
  ],
  InvalidToken: ['InvalidClientTokenId', 'The security token included in the request is invalid.'],
  ExpiredToken: ['ExpiredToken', 'The security token included in the request is expired'],
  RequestTimeTooSkewed: ['SignatureDoesNotMatch', 'Signature expired'],
};

/** A service of the AWS query protocol (IAM, STS): a form in, XML out. */
export function queryService<Context>(
  { name: serviceName, signingName, namespace, version, operations }: QueryServiceOptions<Context>,
  context: Context,
): ServiceAdapter {
  return {
    name: serviceName,
    operations: Object.keys(operations),
    accepts: (_request, name) => name === signingName,
    operationOf: async ({ request }) => (await readParameters(request)).get('Action'),
    handle: async call => {
      const parameters = await readParameters(call.request);
      const action = parameters.get('Action') ?? '';
      const operation = Object.hasOwn(operations, action) ? operations[action] : undefined;
      if (!operation) throw notImplemented(action === '' ? 'a request without Action' : action);
      checkVersion(version, action, parameters.get('Version'));
      const result = await operation(context, call, parameters);
      return xmlResponse(
        call.request,
        200,
        xmlDocument(
          `${action}Response`,
          namespace,
          result === '' ? '' : element(`${action}Result`, result),
          element('ResponseMetadata', textElement('RequestId', call.request.requestId)),
        ),
      );
    },
    renderError: (error, request) => renderQueryError(error, request, namespace),
  };
}

/** What every service of the query protocol says (aws/aws-cli#37 has it of another one). */
function checkVersion(expected: string, action: string, given = 'NO_VERSION_SPECIFIED'): void {
  if (given === expected) return;
  const message = `Could not find operation ${action} for version ${given}`;
  throw new AwsError('InvalidAction', 400, message);
}

async function readParameters(request: SandboxRequest): Promise<QueryParameters> {
  if (request.method === 'GET') return request.query;
  return new QueryParameters((await readBody(request, MAX_BODY)).toString('utf8'));
}

/** An error as the query protocol writes it. */
export function renderQueryError(
  error: AwsError,
  request: SandboxRequest,
  namespace: string | undefined,
): SandboxResponse {
  const [code, message] = codeAndMessage(error);
  const status = error.code in CODES ? 403 : error.status;
  return xmlResponse(
    request,
    status,
    xmlDocument(
      'ErrorResponse',
      namespace,
      element(
        'Error',
        textElement('Type', status < 500 ? 'Sender' : 'Receiver'),
        textElement('Code', code),
        textElement('Message', message),
      ),
      textElement('RequestId', request.requestId),
    ),
  );
}

function codeAndMessage(error: AwsError): readonly [string, string] {
  return error.headers['x-amz-sandbox-reason'] === 'unsigned'
    ? ['MissingAuthenticationToken', 'Request is missing Authentication Token']
    : (CODES[error.code] ?? [error.code, error.message]);
}

/** What the query protocol calls an error. */
export function queryCode(error: AwsError): string {
  return codeAndMessage(error)[0];
}

function xmlResponse({ requestId }: SandboxRequest, status: number, body: string): SandboxResponse {
  const headers = { 'content-type': 'text/xml', 'x-amzn-RequestId': requestId };
  return { status, headers, body };
}
