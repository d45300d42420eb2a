import type { CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { BrigadeError, type BrigadeErrorDetails } from '../errors.ts';
import type { FunctionAddress } from '../functions/functions.ts';
import { invokeFunction, type Invocation } from '../functions/invokeFunction.ts';
import {
  invocationError,
  objectCreatedEvent,
  parseResizeResult,
  type ObjectToResize,
  type ResizeResult,
} from './resizeEvent.ts';

export interface ResizedNow extends Pick<Invocation, 'logTail' | 'requestId'> {
  readonly result: ResizeResult;
}

/**
 * Has the function resize one object that is there already, as if it had just been uploaded. An
 * object that can never be resized is no error: see `result.outcome`.
 *
 * @throws BrigadeError `FunctionFailed` when it threw, timed out or ended, or is another kind of
 *   function; what `invokeFunction` throws
 */
export async function resizeObject(
  clients: AwsClients,
  input: FunctionAddress & { readonly object: ObjectToResize },
  options: CallOptions = {},
): Promise<ResizedNow> {
  const { functionName, object, region = clients.region } = input;
  const payload = objectCreatedEvent(object, { region, partition: clients.partition }, new Date());
  const invocation = await invokeFunction(clients, { functionName, region, payload }, options);
  const { requestId, logTail } = invocation;
  const refuse = (sentence: string, why: Pick<BrigadeErrorDetails, 'problem' | 'awsMessage'>) =>
    new BrigadeError('FunctionFailed', sentence, { subject: functionName, requestId, ...why });
  if (invocation.functionError !== undefined) {
    const awsMessage = invocationError(invocation.payload);
    throw refuse(awsMessage, { awsMessage });
  }
  const result = parseResizeResult(invocation.payload);
  if (result === undefined) {
    throw refuse('It did not answer as a resize function does', {
      problem: { kind: 'notResizeFunction' },
    });
  }
  return { result, logTail, requestId };
}
