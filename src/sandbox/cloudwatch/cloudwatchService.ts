import { decodeCbor, encodeCbor } from '../cbor.ts';
import { readBody } from '../compressedBody.ts';
import { AwsError } from '../errors.ts';
import { Input } from '../input.ts';
import { nameError } from '../jsonErrors.ts';
import { findOperation, handleJson, jsonOperation, jsonResponse } from '../jsonProtocol.ts';
import type { JsonServiceOptions } from '../jsonProtocol.ts';
import type { Operation, Operations } from '../operation.ts';
import type { Output } from '../output.ts';
import { queryCode, queryService } from '../queryProtocol.ts';
import type { QueryOperation, QueryServiceOptions } from '../queryProtocol.ts';
import type { Call, SandboxRequest, SandboxResponse } from '../request.ts';
import { header } from '../request.ts';
import type { ServiceAdapter } from '../serviceAdapter.ts';
import type { MetricsContext } from './metricsContext.ts';
import { expandForm, renderMembers } from './queryMembers.ts';
import { getMetricData } from './getMetricData.ts';
import { getMetricStatistics } from './getMetricStatistics.ts';
import { listMetrics } from './listMetrics.ts';
import { putMetricData } from './putMetricData.ts';

const operations: Operations<MetricsContext> = {
  GetMetricData: getMetricData,
  GetMetricStatistics: getMetricStatistics,
  ListMetrics: listMetrics,
  PutMetricData: putMetricData,
};

const missing = (path: string): AwsError =>
  new AwsError('MissingParameter', 400, `The parameter ${path} is required.`);

/** What the model calls the query protocol's codes. */
const EXCEPTIONS: Readonly<Record<string, string | undefined>> = {
  InternalServiceError: 'InternalServiceFault',
  InvalidParameterCombination: 'InvalidParameterCombinationException',
  InvalidParameterValue: 'InvalidParameterValueException',
  MissingParameter: 'MissingRequiredParameterException',
  ValidationError: 'ValidationException',
};

const JSON_OPTIONS: JsonServiceOptions<MetricsContext> = {
  name: 'cloudwatch',
  signingName: 'monitoring',
  targetPrefixes: ['GraniteServiceVersion20100801'],
  version: '1.0',
  operations,
  maxBody: 1024 * 1024,
  missing,
};

const CBOR_PATH = /^\/service\/GraniteServiceVersion20100801\/operation\/([^/]+)$/;
const CBOR = 'rpc-v2-cbor';

const QUERY_OPTIONS: QueryServiceOptions<MetricsContext> = {
  name: 'cloudwatch',
  signingName: 'monitoring',
  namespace: 'http://monitoring.amazonaws.com/doc/2010-08-01/',
  version: '2010-08-01',
  operations: Object.fromEntries(
    Object.entries(operations).map(([name, operation]) => [name, asQuery(name, operation)]),
  ),
};

/**
 * Amazon CloudWatch in the three protocols of its model: AWS JSON 1.0, which the SDK for JavaScript, the
 * AWS CLI and boto3 speak today; the query protocol of their older releases; and Smithy RPC v2 CBOR,
 * which the model names first.
 */
export function cloudwatchService(context: MetricsContext): ServiceAdapter {
  const query = queryService(QUERY_OPTIONS, context);
  return {
    name: 'cloudwatch',
    operations: Object.keys(operations),
    accepts: (_request, signingName) => signingName === 'monitoring',
    operationOf: (call, virtualBucket) => {
      const protocol = protocolOf(call.request);
      if (protocol === 'cbor') return CBOR_PATH.exec(call.request.rawPath)?.[1];
      if (protocol === 'json') return jsonOperation(call.request);
      return query.operationOf(call, virtualBucket);
    },
    handle: (call, virtualBucket) => {
      const protocol = protocolOf(call.request);
      if (protocol === 'cbor') return handleCbor(context, call);
      if (protocol === 'json') return handleJson(JSON_OPTIONS, context, call);
      return query.handle(call, virtualBucket);
    },
    renderError: (error, request) => renderError(error, request, query),
  };
}

function protocolOf(request: SandboxRequest): 'cbor' | 'json' | 'query' {
  if (header(request, 'smithy-protocol') === CBOR) return 'cbor';
  return header(request, 'x-amz-target') === undefined ? 'query' : 'json';
}

async function handleCbor(context: MetricsContext, call: Call): Promise<SandboxResponse> {
  const { rawPath } = call.request;
  const name = CBOR_PATH.exec(rawPath)?.[1] ?? `POST ${rawPath}`;
  const operation = findOperation(operations, name);
  const body = await readBody(call.request, JSON_OPTIONS.maxBody);
  const members = body.length === 0 ? {} : decodeCbor(body);
  const output = operation(
    context,
    call,
    new Input(members, { operation: name, textual: false, missing }),
  );
  return cborResponse(call.request, 200, output ?? {});
}

function cborResponse(
  { requestId }: SandboxRequest,
  status: number,
  output: Output,
  headers: Readonly<Record<string, string>> = {},
): SandboxResponse {
  return {
    status,
    headers: {
      'smithy-protocol': CBOR,
      'content-type': 'application/cbor',
      'x-amzn-RequestId': requestId,
      ...headers,
    },
    body: encodeCbor(output),
  };
}

function asQuery(
  name: string,
  operation: Operation<MetricsContext>,
): QueryOperation<MetricsContext> {
  return (context, call, parameters) => {
    const rules = { operation: name, textual: true, missing };
    const output = operation(context, call, new Input(expandForm(parameters.pairs), rules));
    return output === undefined ? '' : renderMembers(output);
  };
}

function renderError(
  thrown: AwsError,
  request: SandboxRequest,
  query: ServiceAdapter,
): SandboxResponse {
  const protocol = protocolOf(request);
  const { code, status, message } = thrown;
  const error =
    code === 'InternalError' ? new AwsError('InternalServiceError', status, message) : thrown;
  if (protocol === 'query') return query.renderError(error, request);
  const named = nameError(error);
  const output = { __type: EXCEPTIONS[error.code] ?? named.type, message: named.message };
  // Clients of before the change of protocols know the query protocol's codes: this header keeps them.
  const side = named.status < 500 ? 'Sender' : 'Receiver';
  const headers = { ...error.headers, 'x-amzn-query-error': `${queryCode(error)};${side}` };
  if (protocol === 'cbor') return cborResponse(request, named.status, output, headers);
  const response = jsonResponse(JSON_OPTIONS, request, named.status, output);
  return { ...response, headers: { ...response.headers, ...headers } };
}
