import type { S3Client } from '@aws-sdk/client-s3';
import { getSmithyContext } from '@smithy/core/transport';
import { isAwsHost } from '../awsHosts.ts';
import { BrigadeError } from '../errors.ts';
import {
  checkError,
  checkSuccess,
  hasAwsHeader,
  rootElement,
  type Answer,
  type AnswerMismatch,
} from './answerMismatch.ts';
import { expectedAnswer, type ExpectedAnswer, type OperationSchema } from './expectedAnswer.ts';
import { noService } from './noService.ts';
import { discardBody, readText, type Response } from './responseBody.ts';

/**
 * Services of one endpoint whose valid answers carry none of AWS's headers, as some S3-compatible
 * servers have it, and operations of those that send them with others only: there, answers without a
 * body are accepted without them.
 */
export type HeaderlessServices = Set<string>;

/** An answer, and what it must look like to be valid. */
export interface Exchange {
  readonly host: string;
  readonly method: string;
  readonly response: Response;
  readonly expected: ExpectedAnswer;
}

/**
 * Has a client reject every answer that isn't AWS's or an S3-compatible service's: an empty 200, a
 * proxy's or a network's sign-in page, JSON for XML, half an answer. Each becomes a BrigadeError
 * `NotAws` that names the host. What to expect is in the SDK's own models.
 */
export function validateAnswers<T extends { destroy(): void }>(
  client: T,
  headerless: HeaderlessServices,
): T {
  // Every client has such a stack; only the types of its commands differ.
  const { config, middlewareStack } = client as unknown as S3Client;
  const look = oneAtATime(() => isS3(client as unknown as S3Client));
  validators.set(client, exchange => validate(exchange, headerless, look));
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
      await validate({ host, method, response, expected }, headerless, look);
      return result;
    },
    // The step's own middleware parses; a lower priority stands between it and the network.
    { step: 'deserialize', priority: 'low', name: 'validateAnswer' },
  );
  return client;
}

type Validator = (exchange: Exchange) => Promise<void>;

const validators = new WeakMap<object, Validator>();

/**
 * What validates the answers of a client, for requests that are sent without the SDK; undefined for
 * a client that accepts everything. It reads the body and leaves it to be read again, but for streams,
 * and throws a BrigadeError `NotAws`.
 */
export function validatorOf(client: object): Validator | undefined {
  return validators.get(client);
}

/** Load balancers answer these without a body of AWS's; the SDK asks again. */
const RETRIED = new Set([429, 500, 502, 503, 504]);

async function validate(
  exchange: Exchange,
  headerless: HeaderlessServices,
  look: () => Promise<boolean>,
): Promise<void> {
  const { host, method, response, expected } = exchange;
  const { statusCode: status, headers } = response;
  if (RETRIED.has(status)) return;
  const isStream = status < 300 && expected.body === 'other';
  const body = isStream || method === 'HEAD' ? '' : await readText(response);
  const isAws = isAwsHost(host);
  const hasHeader = hasAwsHeader(headers);
  const names = [expected.service, operationOf(expected)];
  const answer = {
    ...{ status, headers, body, method, hasHeader, isOfAnother: hasHeader && !isAws },
    isVouchedFor: hasHeader || (!isAws && names.some(name => headerless.has(name))),
  };
  if (!isAws && isOfS3Alone(expected, answer)) throw noService(host, expected.service);
  const mismatch = findMismatch(expected, answer, isAws);
  if (mismatch && !isAws && (await isVouchedForByLook(expected, answer, look))) {
    headerless.add(operationOf(expected));
    return;
  }
  if (mismatch) {
    discardBody(response);
    throw notAws(exchange, mismatch, !isAws && isIgnored(answer) ? 'NotImplemented' : undefined);
  }
  if (!isAws && isTakenForNewBucket(expected, answer)) {
    const name = rootElement(body) ?? '';
    throw notAws(exchange, { wanted: expected.operation, found: name }, 'NotImplemented');
  }
  // What has come this far without AWS's headers was validated by its body.
  if (!answer.isVouchedFor && !isAws) headerless.add(expected.service);
  if (isLateError(expected, answer)) response.statusCode = 503;
}

function findMismatch(
  expected: ExpectedAnswer,
  answer: Answer,
  isAws: boolean,
): AnswerMismatch | undefined {
  return answer.status >= 300
    ? checkError(expected, answer)
    : checkSuccess(expected, answer, isAws);
}

/** The name of an operation among those that are accepted without AWS's headers. */
function operationOf({ service, operation }: ExpectedAnswer): string {
  return `${service}#${operation}`;
}

/**
 * Whether all that an answer lacks is one of AWS's headers, and S3 is what answers at its address: a
 * sign-in page or a proxy that says 200 to everything does not list buckets. Asked at once, for the
 * first answer that a process gets may be one without a body.
 */
async function isVouchedForByLook(
  expected: ExpectedAnswer,
  answer: Answer,
  look: () => Promise<boolean>,
): Promise<boolean> {
  const { service, operation } = expected;
  if (service !== S3 || operation === LOOK || answer.isVouchedFor) return false;
  return findMismatch(expected, { ...answer, isVouchedFor: true }, false) === undefined && look();
}

const LOOK = 'ListBuckets';

/** Whether a server lists buckets, or refuses to as S3 does. */
async function isS3(client: S3Client): Promise<boolean> {
  const { ListBucketsCommand, S3ServiceException } = await import('@aws-sdk/client-s3');
  try {
    await client.send(new ListBucketsCommand({}));
    return true;
  } catch (error) {
    if (!(error instanceof S3ServiceException)) return false;
    return !RETRIED.has(error.$metadata.httpStatusCode ?? 500);
  }
}

function oneAtATime<T>(ask: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | undefined;
  return () =>
    (asked ??= ask().finally(() => {
      asked = undefined;
    }));
}

/** A server that doesn't know `?versions`, `?ownershipControls` … lists the bucket, */
function isIgnored({ status, body }: Answer): boolean {
  return status === 200 && rootElement(body) === 'ListBucketResult';
}

/** … or, asked to write such a thing, says that it can't make the bucket again. */
function isTakenForNewBucket({ operation }: ExpectedAnswer, { status, body }: Answer): boolean {
  if (status !== 409 || operation === 'CreateBucket') return false;
  return /<Code>BucketAlready(?:Exists|OwnedByYou)<\/Code>/.test(body);
}

/**
 * S3 writes its errors bare; AWS's other services wrap them or write JSON. Where nothing of AWS's
 * answers at all, there is no such service either.
 */
function isOfS3Alone({ service }: ExpectedAnswer, { status, hasHeader, body }: Answer): boolean {
  if (service === S3) return false;
  return rootElement(body) === 'Error' || (!hasHeader && MISSING.has(status) && !isDocument(body));
}

/** Not found, not allowed, not implemented. */
const MISSING = new Set([404, 405, 501]);

/** Whether a body is an error as AWS's services write them. */
function isDocument(body: string): boolean {
  return /^\s*\{/.test(body) || rootElement(body) === 'ErrorResponse';
}

const S3 = 'com.amazonaws.s3';

/** S3 says 200 before it knows that a copy fails (API reference, CopyObject); the SDK asks again. */
function isLateError({ service }: ExpectedAnswer, answer: { status: number; body: string }) {
  return service === S3 && answer.status < 300 && rootElement(answer.body) === 'Error';
}

function notAws(
  { host, expected }: Exchange,
  { wanted, found }: AnswerMismatch,
  awsCode: string | undefined,
): BrigadeError {
  const { operation } = expected;
  return new BrigadeError('NotAws', `${operation}: ${found} instead of ${wanted}`, {
    ...{ subject: host, awsCode },
    answer: { operation, wanted, found },
  });
}
