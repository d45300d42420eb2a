import {
  GetFunctionConcurrencyCommand,
  GetFunctionEventInvokeConfigCommand,
} from '@aws-sdk/client-lambda';
import { call, recoverFrom, type CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { BrigadeError, type ErrorCode } from '../errors.ts';
import { functionRegion, logGroupOf, plainFunctionName } from '../functionArn.ts';
import { readPolicy } from '../functions/functionPolicy.ts';
import type { InvokeStatement } from '../functions/functionPolicyDocument.ts';
import { getFunction, type FunctionDetails } from '../functions/functions.ts';
import { bucketArn } from '../s3Uri.ts';
import type { FunctionFacts, Known } from './facts.ts';

export interface FunctionQuestion {
  readonly bucket: string;
  /** As the notification names it. */
  readonly arn: string;
  /** Whether it is the resize function that comes with the extension. */
  readonly isOurs: (details: FunctionDetails) => boolean;
}

/** What can't be asked is not known, and stops nothing. */
const SILENT: readonly ErrorCode[] = ['AccessDenied', 'NotFound', 'InvalidInput', 'Unknown'];

/**
 * What is known of the function that an event invokes. What the caller may not ask stays unknown.
 *
 * @throws BrigadeError `Network`, `Throttled`, `Cancelled` …
 */
export async function readFunctionFacts(
  clients: AwsClients,
  { bucket, arn, isOurs }: FunctionQuestion,
  options: CallOptions = {},
): Promise<FunctionFacts> {
  const region = functionRegion(arn) ?? clients.region;
  const address = { functionName: arn, region };
  const details = await known(() => getFunction(clients, address, options));
  const plain = { name: plainFunctionName(arn), arn, region };
  if (details.kind !== 'known') {
    return { ...plain, logGroup: logGroupOf(arn), details, isOurs: false, retries: 2 };
  }
  const [isPermitted, reservedConcurrency, invokeConfig] = await Promise.all([
    readPermitted(clients, address, bucket, options),
    readReserved(clients, address, options),
    readInvokeConfig(clients, address, options),
  ]);
  const { logGroup } = details.value;
  return {
    ...{ ...plain, logGroup, details, isOurs: isOurs(details.value), isPermitted },
    ...{ reservedConcurrency, ...invokeConfig },
  };
}

/** Asks, and takes a refusal as an answer. @throws BrigadeError other than `AccessDenied`, `NotFound` */
export async function known<T>(ask: () => Promise<T>): Promise<Known<T>> {
  try {
    return { kind: 'known', value: await ask() };
  } catch (error) {
    if (!(error instanceof BrigadeError)) throw error;
    if (error.code === 'NotFound') return { kind: 'missing' };
    if (error.code !== 'AccessDenied') throw error;
    return { kind: 'denied', ...(error.action !== undefined && { action: error.action }) };
  }
}

interface Address {
  readonly functionName: string;
  readonly region: string;
}

async function readPermitted(
  clients: AwsClients,
  address: Address,
  bucket: string,
  options: CallOptions,
): Promise<boolean | undefined> {
  return await recoverFrom(SILENT, undefined, async () => {
    const { statements } = await readPolicy(clients, address, options);
    const asked = { arn: bucketArn(clients.partition, bucket), accountId: clients.accountId };
    return statements.some(statement => mayPermit(statement, asked));
  });
}

/** Whether a statement may let a bucket invoke the function: only what surely does not is ruled out. */
export function mayPermit(
  { allows, principals, actions, sourceArns, sourceAccounts }: InvokeStatement,
  { arn, accountId }: { readonly arn: string; readonly accountId: string },
): boolean {
  return (
    allows &&
    principals.some(principal => principal === '*' || principal === 's3.amazonaws.com') &&
    actions.some(action => /^(\*|lambda:(InvokeFunction|Invoke\*|\*))$/i.test(action)) &&
    (sourceArns.length === 0 || sourceArns.some(pattern => isLike(arn, pattern))) &&
    (sourceAccounts.length === 0 || sourceAccounts.some(pattern => isLike(accountId, pattern)))
  );
}

/** IAM's patterns: `*` for any text, `?` for one character. */
function isLike(text: string, pattern: string): boolean {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  const source = escaped.replaceAll('*', '.*').replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(text);
}

async function readReserved(
  clients: AwsClients,
  { functionName, region }: Address,
  options: CallOptions,
): Promise<number | undefined> {
  // Concurrency is of the whole function: Lambda refuses a version or alias here.
  const name = plainFunctionName(functionName);
  const command = new GetFunctionConcurrencyCommand({ FunctionName: name });
  const output = await recoverFrom(SILENT, undefined, () =>
    call(name, options, () =>
      clients.lambda(region).send(command, { abortSignal: options.signal }),
    ),
  );
  return output?.ReservedConcurrentExecutions;
}

/** How Lambda continues with an event that failed. */
async function readInvokeConfig(
  clients: AwsClients,
  { functionName, region }: Address,
  options: CallOptions,
): Promise<Pick<FunctionFacts, 'retries' | 'onFailure'>> {
  const command = new GetFunctionEventInvokeConfigCommand({ FunctionName: functionName });
  // It is not found where nobody has changed it.
  const output = await recoverFrom(SILENT, undefined, () =>
    call(functionName, options, () =>
      clients.lambda(region).send(command, { abortSignal: options.signal }),
    ),
  );
  const { MaximumRetryAttempts: retries = 2, DestinationConfig: destinations } = output ?? {};
  return { retries, onFailure: destinations?.OnFailure?.Destination };
}
