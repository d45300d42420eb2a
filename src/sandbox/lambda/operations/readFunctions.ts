import { createReadStream, existsSync } from 'node:fs';
import { authorize } from '../../iam/authorize.ts';
import { AwsError, notImplemented } from '../../errors.ts';
import { decodeToken, encodeToken } from '../../opaqueToken.ts';
import { LATEST } from '../environments/environmentFactory.ts';
import { codeLocation } from './codeLocation.ts';
import { functionConfiguration } from './functionAnswer.ts';
import {
  checkRegion,
  functionArn,
  functionNotFound,
  NAMESPACED_NAME,
  readFunctionName,
} from '../functionName.ts';
import { calledFunction, invalidParameter, jsonAnswer, unqualifiedFunction } from './lambdaCall.ts';
import type { LambdaCall, LambdaOperation } from './lambdaCall.ts';
import type { LambdaContext } from '../lambdaContext.ts';
import type { LambdaFunction } from '../lambdaFunction.ts';

export const getFunction: LambdaOperation = (context, call) => {
  const found = calledFunction(context, call);
  return jsonAnswer(200, {
    Configuration: namedConfiguration(context, call, found),
    Code: { RepositoryType: 'S3', Location: codeLocation(context, call, found) },
    ...(Object.keys(found.tags).length === 0 ? {} : { Tags: found.tags }),
    ...(found.reservedConcurrency === undefined
      ? {}
      : { Concurrency: { ReservedConcurrentExecutions: found.reservedConcurrency } }),
  });
};

export const getFunctionConfiguration: LambdaOperation = (context, call) => {
  const found = calledFunction(context, call);
  return jsonAnswer(200, namedConfiguration(context, call, found));
};

/** With the qualifier that was asked for in the ARN, as AWS shows it. */
function namedConfiguration(
  context: LambdaContext,
  call: LambdaCall,
  found: LambdaFunction,
): object {
  const parameter = call.request.query.get('Qualifier') || undefined;
  const { qualifier } = readFunctionName(call.subject, NAMESPACED_NAME, parameter);
  const shown = functionConfiguration(found, context.clock.now());
  return qualifier === undefined ? shown : { ...shown, FunctionArn: `${found.arn}:${qualifier}` };
}

/** What the Location of GetFunction leads to: the zip as it was uploaded. */
export const downloadCode: LambdaOperation = (context, { subject }) => {
  const zip = context.lambda.code.zipOf(subject);
  if (!/^[0-9a-f]{64}$/.test(subject) || !existsSync(zip)) throw functionNotFound(subject);
  return {
    status: 200,
    headers: { 'content-type': 'application/zip' },
    body: createReadStream(zip),
  };
};

export const listFunctions: LambdaOperation = (context, call) => {
  authorize(context, call.caller, 'lambda:ListFunctions', '*');
  const { query } = call.request;
  // Versions are not there: with ALL there is $LATEST of each, as without.
  const version = query.get('FunctionVersion') ?? 'ALL';
  if (version !== 'ALL') throw invalidParameter(`FunctionVersion must be ALL, not ${version}.`);
  if (query.has('MasterRegion')) throw notImplemented('ListFunctions with MasterRegion');
  const { after, size } = readPage(call);
  const page = context.lambda.functions.list(after ?? '', size + 1);
  const shown = page.slice(0, size);
  const last = page.length > size ? shown.at(-1) : undefined;
  const now = context.clock.now();
  return jsonAnswer(200, {
    ...(last === undefined ? {} : { NextMarker: encodeToken(['ListFunctions', last.name]) }),
    Functions: shown.map(found => functionConfiguration(found, now)),
  });
};

/** There is $LATEST only: PublishVersion is not done here. */
export const listVersionsByFunction: LambdaOperation = (context, call) => {
  const found = unqualifiedFunction(context, call);
  readOnlyPage(call);
  const latest = functionConfiguration(found, context.clock.now());
  return jsonAnswer(200, {
    Versions: [{ ...latest, FunctionArn: `${found.arn}:${LATEST}` }],
  });
};

export const deleteFunction: LambdaOperation = (context, call) => {
  const { lambda, accountId } = context;
  const parameter = call.request.query.get('Qualifier') || undefined;
  const reference = readFunctionName(call.subject, NAMESPACED_NAME, parameter);
  if (reference.qualifier === LATEST) {
    throw invalidParameter('$LATEST version cannot be deleted without deleting the function.');
  }
  checkRegion(reference);
  const subject = functionArn(reference.accountId ?? accountId, reference.name);
  const found = unqualifiedFunction(context, { ...call, subject });
  // A version that is not there is deleted without a word (recorded), and there is none here.
  if (reference.qualifier !== undefined) return jsonAnswer(204);
  lambda.functions.delete(found.name);
  lambda.retire(found.name);
  lambda.code.sweep(lambda.functions.codes());
  return jsonAnswer(204);
};

const PAGE_SIZE = 50;

/** `MaxItems`, which AWS caps at 50, and the name that a `Marker` of ListFunctions holds. */
function readPage(call: LambdaCall): { after: string | undefined; size: number } {
  const size = readMaxItems(call, 10_000);
  const marker = call.request.query.get('Marker');
  if (marker === undefined) return { after: undefined, size };
  const parsed = decodeToken(marker);
  const [operation, after] = Array.isArray(parsed) ? (parsed as unknown[]) : [];
  if (operation === 'ListFunctions' && typeof after === 'string') return { after, size };
  throw invalidMarker();
}

/**
 * The parameters of a list that never has a second page, so that no answer held a marker.
 * @param most what AWS's model says of `MaxItems`
 */
export function readOnlyPage(call: LambdaCall, most = 10_000): void {
  readMaxItems(call, most);
  if (call.request.query.has('Marker')) throw invalidMarker();
}

function readMaxItems(call: LambdaCall, most: number): number {
  const text = call.request.query.get('MaxItems') ?? String(PAGE_SIZE);
  const size = Number(text);
  if (/^\d+$/.test(text) && size >= 1 && size <= most) return Math.min(size, PAGE_SIZE);
  const bound = size > most ? `less than or equal to ${most}` : 'greater than or equal to 1';
  throw new AwsError(
    'ValidationException',
    400,
    `1 validation error detected: Value '${text}' at 'maxItems' failed to satisfy constraint: Member must have value ${bound}`,
  );
}

/** AWS takes no marker that it didn't give out (floci-io/floci#2817); its words are not known. */
function invalidMarker(): AwsError {
  return invalidParameter('The Marker is not valid.');
}
