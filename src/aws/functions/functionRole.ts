import type { CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { BrigadeError } from '../errors.ts';
import { createFunction, type NewFunction } from './functionWrites.ts';
import { getFunctionConfiguration, type LambdaFunction } from './functions.ts';
import { isRoleName } from '../roles/roleNames.ts';
import type { RoleWaitOptions } from '../roles/newRole.ts';
import { lambdaTrustPolicy, logStatement } from '../roles/functionRolePolicy.ts';
import { createRole, deleteRole, deleteRolePolicy, putRolePolicy } from '../roles/roleChanges.ts';
import { getRole } from '../roles/roleDetails.ts';

export interface FunctionWithNewRole extends Omit<NewFunction, 'role' | 'roleIsNew'> {
  /** Name of the role to make. */
  readonly newRole: string;
}

const FUNCTION_TAG = 'bucket-brigade:function';
const POLICY_NAME = 'BucketBrigadeFunctionLog';

/**
 * Makes a function with a role of its own that may write the function's log and nothing else, as
 * Lambda's console does: what else the code needs, only its author knows. Where the function can't
 * be made, the role is rolled back.
 *
 * @throws BrigadeError `Conflict` when there is a role or function of that name, `AccessDenied`
 *   (iam:CreateRole, iam:PutRolePolicy, iam:PassRole …), and as `createFunction`
 */
export async function createFunctionWithRole(
  clients: AwsClients,
  { newRole: name, ...input }: FunctionWithNewRole,
  options: RoleWaitOptions = {},
): Promise<LambdaFunction> {
  if (!isRoleName(name)) {
    throw new BrigadeError('InvalidInput', 'Not a name for an IAM role', {
      subject: name,
      problem: { kind: 'roleName' },
    });
  }
  let isOurs = false;
  try {
    const arn = await makeRole(clients, name, input, options);
    isOurs = true;
    return await createFunction(clients, { ...input, role: arn, roleIsNew: true }, options);
  } catch (error) {
    // A role that was there before is not ours; one whose request was cut off may be.
    const cutOff = error instanceof BrigadeError && /^(Cancelled|Network)$/.test(error.code);
    if (isOurs || cutOff) await rollBack(clients, name, input);
    throw error;
  }
}

type Named = Pick<NewFunction, 'functionName' | 'region'>;

async function makeRole(
  clients: AwsClients,
  name: string,
  { functionName, region = clients.region }: Named,
  options: CallOptions,
): Promise<string> {
  const { partition, accountId } = clients;
  const description = `Runs ${functionName} (Bucket Brigade)`;
  const tags = { [FUNCTION_TAG]: functionName };
  const trust = lambdaTrustPolicy();
  const role = await createRole(clients, { name, description, trust, tags }, options);
  const statement = logStatement({ partition, region, accountId, functionName });
  const document = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  try {
    await putRolePolicy(clients, { role: name, policy: POLICY_NAME, document }, options);
  } catch (error) {
    await rollBack(clients, name, { functionName, region });
    throw error;
  }
  return role.arn;
}

/** Whatever this meets, why the role is rolled back is what the user must read. */
async function rollBack(clients: AwsClients, role: string, named: Named): Promise<void> {
  try {
    const found = await getRole(clients, role);
    if (found.tags[FUNCTION_TAG] !== named.functionName) return;
    if (await exists(clients, named)) return;
    await deleteRolePolicy(clients, { role, policy: POLICY_NAME }).catch(() => undefined);
    await deleteRole(clients, role);
  } catch {
    // It was not made, or may not be deleted.
  }
}

/** A function that was made after all needs its role. */
async function exists(clients: AwsClients, named: Named): Promise<boolean> {
  try {
    await getFunctionConfiguration(clients, named);
    return true;
  } catch (error) {
    return !(error instanceof BrigadeError && error.code === 'NotFound');
  }
}
