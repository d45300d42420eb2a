import { setTimeout as delay } from 'node:timers/promises';
import { call, type CallOptions } from '../call.ts';
import { BrigadeError } from '../errors.ts';

export interface RoleWaitOptions extends CallOptions {
  /** Called each time that Lambda could not assume a new role yet, before it is asked again. */
  readonly onRoleWait?: () => void;
}

/** AWS: a new role can be assumed some 5 to 15 seconds after it exists, seldom later. */
const ROLE_LIMIT_MS = 60_000;

/**
 * Sends Lambda a request with a role, and sends it again while Lambda cannot assume the role because
 * it is new.
 *
 * @throws BrigadeError `RoleNotReady` after a minute; else what the request fails with
 */
export async function whenRoleIsReady(
  isNew: boolean,
  role: string,
  options: RoleWaitOptions,
  run: () => Promise<void>,
): Promise<void> {
  const end = Date.now() + ROLE_LIMIT_MS;
  for (let wait = 1_000; ; wait = Math.min(wait * 1.5, 8_000)) {
    try {
      await run();
      return;
    } catch (error) {
      if (!isNew || !isRoleNotReady(error)) throw error;
      if (Date.now() + wait > end) {
        throw new BrigadeError('RoleNotReady', 'Lambda cannot assume the role', {
          subject: role,
          cause: error,
        });
      }
    }
    options.onRoleWait?.();
    await call(role, options, () => delay(wait, undefined, { signal: options.signal }));
  }
}

/** Lambda tells these only by their sentences. */
function isRoleNotReady(error: unknown): boolean {
  return (
    error instanceof BrigadeError &&
    error.awsCode === 'InvalidParameterValueException' &&
    /cannot be assumed by Lambda|KMS key is invalid for CreateGrant/i.test(error.awsMessage ?? '')
  );
}
