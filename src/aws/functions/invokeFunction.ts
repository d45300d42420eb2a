import { InvokeCommand } from '@aws-sdk/client-lambda';
import { call, type CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import type { FunctionAddress } from './functions.ts';

export interface Invocation {
  /** What the function answered: JSON, or what Lambda says of its error. */
  readonly payload: string;
  /** `Unhandled` when the function threw, timed out or ended. */
  readonly functionError?: string;
  /** The last 4 KB of the invocation's log lines. */
  readonly logTail: string;
  readonly requestId: string;
}

/**
 * Invokes a function and waits for its answer. It is asked once only: another try would run it a
 * second time.
 *
 * @throws BrigadeError `NotFound`, `Throttled`, `Conflict` while it is Pending, `AccessDenied`
 *   (lambda:InvokeFunction) … A function that fails is no error here: see `functionError`.
 */
export async function invokeFunction(
  clients: AwsClients,
  input: FunctionAddress & { readonly payload: unknown },
  options: CallOptions = {},
): Promise<Invocation> {
  const command = new InvokeCommand({
    FunctionName: input.functionName,
    InvocationType: 'RequestResponse',
    LogType: 'Tail',
    Payload: Buffer.from(JSON.stringify(input.payload)),
  });
  const output = await call(input.functionName, options, () =>
    clients.lambdaInvoke(input.region).send(command, { abortSignal: options.signal }),
  );
  return {
    payload: Buffer.from(output.Payload ?? []).toString('utf8'),
    functionError: output.FunctionError,
    logTail: Buffer.from(output.LogResult ?? '', 'base64').toString('utf8'),
    requestId: output.$metadata.requestId ?? '',
  };
}
