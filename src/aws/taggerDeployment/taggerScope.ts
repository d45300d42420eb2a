import type { CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { DEPLOYMENT_TAG } from '../deployment/deploymentTag.ts';
import { orUndefined } from '../deployment/plannedStep.ts';
import { getRole, getRolePolicy } from '../roles/roleDetails.ts';
import { readTaggerPolicy, type ReportPlace } from '../taggerFunction/taggerRolePolicy.ts';
import { POLICY_NAME } from './policyName.ts';
import { taggerOwner, taggerRoleName } from './tagger.ts';

/** What a tagger may touch. */
export interface TaggerScope {
  readonly buckets: readonly string[];
  readonly reports: readonly ReportPlace[];
}

const NOTHING: TaggerScope = { buckets: [], reports: [] };

/** What a Region's tagger may touch now, by its role's policy; nothing where there is none of ours. */
export async function readTaggerScope(
  clients: AwsClients,
  region: string,
  options: CallOptions = {},
): Promise<TaggerScope> {
  const name = taggerRoleName(region);
  const role = await orUndefined(getRole(clients, name, options));
  if (role?.tags[DEPLOYMENT_TAG] !== taggerOwner(region)) return NOTHING;
  const policy = await orUndefined(
    getRolePolicy(clients, { role: name, policy: POLICY_NAME }, options),
  );
  return (policy === undefined ? undefined : readTaggerPolicy(policy)) ?? NOTHING;
}

/** Both together, each thing once, in an order that does not depend on who came first. */
export function withScope(one: TaggerScope, other: TaggerScope): TaggerScope {
  const buckets = [...new Set([...one.buckets, ...other.buckets])].sort();
  const reports = new Map(
    [...one.reports, ...other.reports].map(place => [placeText(place), place]),
  );
  return { buckets, reports: [...reports.entries()].sort(byText).map(([, place]) => place) };
}

/** S3 is given a report's prefix without a slash at its end. */
function placeText({ bucket, prefix = '' }: ReportPlace): string {
  return `${bucket}/${prefix.replace(/\/+$/, '')}`;
}

function byText([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : 1;
}
