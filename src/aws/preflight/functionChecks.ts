import { DEPLOYMENT_TAG } from '../deployment/deploymentTag.ts';
import { BrigadeError } from '../errors.ts';
import { functionRegion } from '../functionArn.ts';
import { getFunction, type FunctionDetails } from '../functions/functions.ts';
import type { Check } from './check.ts';
import type { Checking } from './checking.ts';

/** Whether the function of a LambdaInvoke is there, and answers batch jobs, as far as that is known. */
export async function functionChecks({
  clients,
  options,
  parts: { operation },
}: Checking): Promise<{ readonly checks: readonly Check[]; readonly invoked?: FunctionDetails }> {
  if (operation?.name !== 'LambdaInvoke') return { checks: [] };
  const { functionArn: subject } = operation;
  const address = { functionName: subject, region: functionRegion(subject) };
  const check = { id: 'function', subject } as const;
  try {
    const invoked = await getFunction(clients, address, options);
    return { checks: [{ ...check, ...judge(invoked) }], invoked };
  } catch (error) {
    if (!(error instanceof BrigadeError) || error.code !== 'NotFound') throw error;
    return { checks: [{ ...check, status: 'failed', reason: { kind: 'missing' } }] };
  }
}

function judge({
  state,
  lastUpdateStatus,
  tags,
}: FunctionDetails): Pick<Check, 'status' | 'reason'> {
  if (state === 'Failed' || lastUpdateStatus === 'Failed') {
    return { status: 'failed', reason: { kind: 'functionState', state: 'Failed' } };
  }
  return tags?.[DEPLOYMENT_TAG] === undefined
    ? { status: 'unchecked', reason: { kind: 'functionUnknown' } }
    : { status: 'passed', reason: { kind: 'functionAnswers' } };
}
