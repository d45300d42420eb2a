import { AwsError } from '../errors.ts';
import type { Principal } from '../principal.ts';

/** Values of condition keys, e.g. `{ 's3:prefix': 'photos/' }`. */
export type RequestContext = Readonly<Record<string, string | readonly string[]>>;

/**
 * Whether the caller may do `action` on `resource`.
 * @throws AwsError AccessDenied in AWS's words.
 */
export function authorize(
  ...[, caller, action, resource]: readonly [
    services: object,
    caller: Principal,
    action: string,
    resource: string,
    context?: RequestContext,
  ]
): void {
  if (caller.kind !== 'role') return;
  throw new AwsError(
    'AccessDenied',
    403,
    `User: ${caller.arn} is not authorized to perform: ${action} on resource: "${resource}" because no identity-based policy allows the ${action} action`,
  );
}
