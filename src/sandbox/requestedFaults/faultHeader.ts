import type { Clock } from '../clock.ts';
import { AwsError } from '../errors.ts';
import { header } from '../request.ts';
import type { Call, SandboxRequest } from '../request.ts';
import { faultError } from './faultError.ts';
import { ERRORS } from './faultRule.ts';
import type { ServiceName } from './faultRule.ts';

/** Asks for a fault of this one request: `SlowDown`, `AccessDenied`, `InternalError`, `latency=800`. */
const HEADER = 'x-amz-sandbox-fault';

export function hasFaultHeader({ headers }: Pick<SandboxRequest, 'headers'>): boolean {
  return headers[HEADER] !== undefined;
}

/**
 * Delays or fails a request as its own header asks.
 * @throws AwsError the fault; AccessDenied when the caller is not the sandbox's own user, InvalidArgument
 * for what is no fault
 */
export async function applyFaultHeader(
  clock: Pick<Clock, 'sleep'>,
  { request, caller }: Call,
  service: ServiceName,
): Promise<void> {
  const text = header(request, HEADER);
  if (text === undefined) return;
  if (caller.kind !== 'user' && caller.kind !== 'root') {
    throw new AwsError('AccessDenied', 403, `${HEADER} is for the sandbox's own user only.`);
  }
  const fault = ERRORS.find(each => each === text);
  if (fault !== undefined) throw faultError(fault, service);
  const latency = /^latency=(\d{1,6})$/.exec(text)?.[1];
  if (latency === undefined) {
    const known = [...ERRORS, 'latency=MILLISECONDS'].join(', ');
    throw new AwsError('InvalidArgument', 400, `${HEADER} must be one of ${known}.`, {
      ArgumentName: HEADER,
      ArgumentValue: text,
    });
  }
  await clock.sleep(Number(latency));
}
