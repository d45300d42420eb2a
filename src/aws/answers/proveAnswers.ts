import type { S3Client } from '@aws-sdk/client-s3';
import { getSmithyContext } from '@smithy/core/transport';
import { isAwsHost } from '../awsHosts.ts';
import { BrigadeError } from '../errors.ts';
import { doubtError, doubtSuccess, hasAwsHeader, rootElement, type Doubt } from './doubt.ts';
import { expectedAnswer, type ExpectedAnswer, type OperationSchema } from './expectedAnswer.ts';
import { noService } from './noService.ts';
import { discardBody, readText, type Response } from './responseBody.ts';

/**
 * Services of one endpoint whose proven answers carry none of AWS's headers, as some S3-compatible
 * servers have it: there, answers without a body are believed without them.
 */
export type HeaderlessServices = Set<string>;

interface Exchange {
  readonly host: string;
  readonly method: string;
  readonly response: Response;
  readonly expected: ExpectedAnswer;
}

/**
 * Has a client believe no answer that isn't AWS's or an S3-compatible service's: an empty 200, a
 * proxy's or a network's sign-in page, JSON for XML, half an answer. Each becomes a BrigadeError
 * `NotAws` that names the host. What to expect is in the SDK's own models.
 */
export function proveAnswers<T extends { destroy(): void }>(
  client: T,
  headerless: HeaderlessServices,
): T {
  // Every client has such a stack; only the types of its commands differ.
  const { config, middlewareStack } = client as unknown as S3Client;
  middlewareStack.add(
    (next, context) => async args => {
      const result = await next(args);
      const { operationSchema } = getSmithyContext(context);
      const expected = expectedAnswer(
        operationSchema as OperationSchema,
        config.protocol.getShapeId(),
      );
      const { hostname, port, method } = args.request as {
        hostname: string;
        port?: number;
        method: string;
      };
      const host = port === undefined ? hostname : `${hostname}:${port}`;
      const response = result.response as Response;
      await prove({ host, method, response, expected }, headerless);
      return result;
    },
    // The step's own middleware parses; a lower priority stands between it and the network.
    { step: 'deserialize', priority: 'low', name: 'proveAnswer' },
  );
  return client;
}

/** Load balancers answer these without a body of AWS's; the SDK asks again. */
const RETRIED = new Set([429, 500, 502, 503, 504]);

async function prove(exchange: Exchange, headerless: HeaderlessServices): Promise<void> {
  const { host, method, response, expected } = exchange;
  const { statusCode: status, headers } = response;
  if (RETRIED.has(status)) return;
  const isError = status >= 300;
  const isStream = !isError && expected.body === 'other';
  const body = isStream || method === 'HEAD' ? '' : await readText(response);
  const isAws = isAwsHost(host);
  const hasHeader = hasAwsHeader(headers);
  const answer = {
    ...{ status, headers, body, method, hasHeader },
    isVouchedFor: hasHeader || (!isAws && headerless.has(expected.service)),
  };
  const doubt = isError ? doubtError(expected, answer) : doubtSuccess(expected, answer, isAws);
  if (!isAws && isOfS3Alone(expected, body)) throw noService(host, expected.service);
  if (doubt) {
    discardBody(response);
    // A server that doesn't know `?versions`, `?ownershipControls` … lists the bucket.
    const isIgnored = !isAws && status === 200 && rootElement(body) === 'ListBucketResult';
    throw notAws(exchange, doubt, isIgnored ? 'NotImplemented' : undefined);
  }
  // What has come this far without AWS's headers was proven by its body.
  if (!hasHeader && !isAws) headerless.add(expected.service);
  if (isLateError(expected, answer)) response.statusCode = 503;
}

/** S3 writes its errors bare; AWS's other services wrap them or write JSON. */
function isOfS3Alone({ service }: ExpectedAnswer, body: string): boolean {
  return service !== S3 && rootElement(body) === 'Error';
}

const S3 = 'com.amazonaws.s3';

/** S3 says 200 before it knows that a copy fails (API reference, CopyObject); the SDK asks again. */
function isLateError({ service }: ExpectedAnswer, answer: { status: number; body: string }) {
  return service === S3 && answer.status < 300 && rootElement(answer.body) === 'Error';
}

function notAws(
  { host, expected }: Exchange,
  { wanted, found }: Doubt,
  awsCode: string | undefined,
): BrigadeError {
  const { operation } = expected;
  return new BrigadeError('NotAws', `${operation}: ${found} instead of ${wanted}`, {
    ...{ subject: host, awsCode },
    answer: { operation, wanted, found },
  });
}
