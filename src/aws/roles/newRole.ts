import { setTimeout as delay } from 'node:timers/promises';
import { call, type CallOptions } from '../call.ts';
import { BrigadeError } from '../errors.ts';

export interface RoleWaitOptions extends CallOptions {
  /** Called each time that a service could not assume a new role yet, before it is asked again. */
  readonly onRoleWait?: () => void;
}

/** AWS: a new role can be assumed some 5 to 15 seconds after it exists, seldom later. */
const ROLE_LIMIT_MS = 60_000;

/**
 * Does something with a role, and does it again while the service cannot assume the role because it
 * is new: Lambda refuses it then; for others `run` throws `RoleNotReady`.
 *
 * @throws BrigadeError `RoleNotReady` after a minute; else what the request fails with
 */
export async function whenRoleIsReady<Result>(
  isNew: boolean,
  role: string,
  options: RoleWaitOptions,
  run: () => Promise<Result>,
): Promise<Result> {
  const end = Date.now() + ROLE_LIMIT_MS;
  for (let wait = 1_000; ; wait = Math.min(wait * 1.5, 8_000)) {
    try {
      return await run();
    } catch (error) {
      if (!isNew || !isRoleNotReady(error)) throw error;
      if (Date.now() + wait > end) {
        throw new BrigadeError('RoleNotReady', 'The role cannot be assumed', {
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
  if (!(error instanceof BrigadeError)) return false;
  return (
    error.code === 'RoleNotReady' ||
    (error.awsCode === 'InvalidParameterValueException' &&
      /cannot be assumed by Lambda|KMS key is invalid for CreateGrant/i.test(
        error.awsMessage ?? '',
      ))
  );
}
