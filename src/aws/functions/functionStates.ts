import { setTimeout as delay } from 'node:timers/promises';
import { call, type CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { BrigadeError, type BrigadeErrorDetails } from '../errors.ts';
import {
  getFunctionConfiguration,
  type FunctionAddress,
  type LambdaFunction,
} from './functions.ts';

/** AWS's own waiters give a function this long (FunctionActiveV2: 1 s × 300). */
const LIMIT_MS = 300_000;
const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 2_000;

/**
 * Waits until a function can be invoked and changed: it is no longer Pending, and no update of it
 * is in progress. Lambda refuses both until then (AWS Lambda developer guide, "Lambda function
 * states").
 *
 * @throws BrigadeError `FunctionFailed` with Lambda's reason, or when it takes five minutes
 */
export async function waitUntilActive(
  clients: AwsClients,
  address: FunctionAddress,
  options: CallOptions = {},
): Promise<LambdaFunction> {
  const end = Date.now() + LIMIT_MS;
  for (let wait = FIRST_WAIT_MS; ; wait = Math.min(wait * 1.5, LONGEST_WAIT_MS)) {
    const found = await getFunctionConfiguration(clients, address, options);
    if (isSettled(found)) return assertGood(found);
    if (Date.now() > end)
      throw failed(found, `It is still ${found.state}`, {
        problem: { kind: 'functionState', state: found.state },
      });
    await call(found.name, options, () => delay(wait, undefined, { signal: options.signal }));
  }
}

/** `Inactive` is an idle function, which wakes up when it is invoked. */
function isSettled({ state, lastUpdateStatus }: LambdaFunction): boolean {
  return state !== 'Pending' && lastUpdateStatus !== 'InProgress';
}

function assertGood(found: LambdaFunction): LambdaFunction {
  if (found.state === 'Failed' || found.lastUpdateStatus === 'Failed') {
    throw found.reason === ''
      ? failed(found, 'Lambda gives no reason', { problem: { kind: 'functionFailed' } })
      : failed(found, found.reason, { awsMessage: found.reason });
  }
  return found;
}

function failed(
  { name }: LambdaFunction,
  sentence: string,
  why: Pick<BrigadeErrorDetails, 'problem' | 'awsMessage'>,
): BrigadeError {
  return new BrigadeError('FunctionFailed', sentence, { subject: name, ...why });
}
