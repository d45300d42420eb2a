import { recoverFrom, type CallOptions } from '../call.ts';
import { describeJob, listJobs } from '../batchJobs/batchJobs.ts';
import { isFinal } from '../batchJobs/jobStatus.ts';
import type { AwsClients } from '../clients.ts';
import { applyRemovals, removeRole, type RemovalOptions } from '../deployment/applyRemovals.ts';
import { DEPLOYMENT_TAG } from '../deployment/deploymentTag.ts';
import { orUndefined } from '../deployment/plannedStep.ts';
import { functionRemovals, roleRemovals } from '../deployment/planRemovals.ts';
import { unqualified } from '../functionArn.ts';
import { deleteFunction } from '../functions/functionWrites.ts';
import { deleteLogGroup } from '../functions/functionLogs.ts';
import { getFunction } from '../functions/functions.ts';
import { POLICY_NAME } from './policyName.ts';
import {
  TAGGER_NAME,
  taggerArn,
  taggerJobRoleName,
  taggerOwner,
  taggerRoleName,
  type TaggerRemoval,
  type TaggerRemovalStep,
  type TaggerRemovalTarget,
} from './tagger.ts';

/**
 * Says what of a Region's tagger is there, what would be removed, and which jobs still need it. Records of
 * former tags stay beside their reports. Nothing is changed.
 *
 * @throws BrigadeError `AccessDenied` naming the permission that the caller needs to look …
 */
export async function planTaggerRemoval(
  clients: AwsClients,
  target: TaggerRemovalTarget,
  options: CallOptions = {},
): Promise<TaggerRemoval> {
  const { region, deleteLogGroup: withLog = false } = target;
  const owner = taggerOwner(region);
  const at = { functionName: TAGGER_NAME, region };
  const found = await orUndefined(getFunction(clients, at, options));
  const own = found?.tags?.[DEPLOYMENT_TAG] === owner ? found : undefined;
  const ours = { owner, policyName: POLICY_NAME, ...at };
  const role = { kind: 'role' as const, name: taggerRoleName(region), ...ours };
  const jobRole = { kind: 'jobRole' as const, name: taggerJobRoleName(region), ...ours };
  const steps = [
    ...(own ? functionRemovals(own, withLog) : []),
    ...(await roleRemovals(clients, role, options)),
    ...(await roleRemovals(clients, jobRole, options)),
  ];
  const unfinishedJobs = own ? await jobsOf(clients, region, options) : [];
  return { target, steps, unfinishedJobs };
}

/**
 * Removes what a plan says, and nothing else; a removal that failed or was cancelled is continued
 * by another.
 *
 * @returns the steps that were done
 * @throws BrigadeError as applyRemovals
 */
export async function applyTaggerRemoval(
  clients: AwsClients,
  plan: TaggerRemoval,
  options: RemovalOptions<TaggerRemovalStep['kind']> = {},
): Promise<TaggerRemovalStep[]> {
  const now = await planTaggerRemoval(clients, plan.target, options);
  const { region } = plan.target;
  const remove = async ({ kind, subject }: TaggerRemovalStep): Promise<void> => {
    switch (kind) {
      case 'function':
        return deleteFunction(clients, { functionName: subject, region }, options);
      case 'logGroup':
        return deleteLogGroup(clients, { logGroup: subject, region }, options);
      case 'role':
      case 'jobRole':
        return removeRole(clients, { role: subject, policy: POLICY_NAME }, options);
    }
  };
  return await applyRemovals(plan.steps, now.steps, remove, options);
}

/**
 * The list of jobs does not tell their function. A caller who may not look at jobs is not told of
 * them.
 */
async function jobsOf(
  clients: AwsClients,
  region: string,
  options: CallOptions,
): Promise<string[]> {
  return await recoverFrom(['AccessDenied'], [], async () => {
    const jobs = await listJobs(clients, { region }, options);
    const candidates = jobs.filter(
      ({ operation, status }) => operation === 'LambdaInvoke' && !isFinal(status),
    );
    const ids: string[] = [];
    for (const { jobId } of candidates) {
      const job = await orUndefined(describeJob(clients, { jobId, region }, options));
      const arn = job?.invocation?.functionArn ?? '';
      if (unqualified(arn) === taggerArn(clients, region)) ids.push(jobId);
    }
    return ids;
  });
}
