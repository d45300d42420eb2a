import type { CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import type { StepReaders } from '../deployment/applySteps.ts';
import { codeOfZip } from '../deployment/functionCode.ts';
import { planOwnFunction } from '../deployment/planOwnFunction.ts';
import { planOwnRole, type OwnRole } from '../deployment/ownRole.ts';
import { conflict, orUndefined, type PlannedStep } from '../deployment/plannedStep.ts';
import { HANDLER, RUNTIME } from '../deployment/runtime.ts';
import { getFunction } from '../functions/functions.ts';
import { LAMBDA_SERVICE } from '../roles/functionRolePolicy.ts';
import { BATCH_SERVICE } from '../roles/rolePolicy.ts';
import { taggerJobRolePolicy } from '../taggerFunction/taggerJobRolePolicy.ts';
import { taggerRolePolicy } from '../taggerFunction/taggerRolePolicy.ts';
import { POLICY_NAME } from './policyName.ts';
import { readTaggerScope, withScope } from './taggerScope.ts';
import {
  roleArn,
  TAGGER_NAME,
  taggerArn,
  taggerJobRoleName,
  taggerOwner,
  taggerRoleName,
  type TaggerPlan,
  type TaggerStepKind,
  type TaggerTarget,
} from './tagger.ts';

/** What every step is planned with. */
export interface TaggerContext {
  readonly clients: AwsClients;
  readonly target: TaggerTarget;
  readonly options: CallOptions;
}

/** What it does is waiting for S3; with more memory comes the CPU that signs requests sooner. */
const MEMORY_MEGABYTES = 256;
/** A task takes a tenth of a second; throttled, its requests wait and are sent again. */
const TIMEOUT_SECONDS = 60;
/** Characters of all inline policies of a role (IAM user guide, "IAM and AWS STS quotas"). */
const MAX_POLICY_LENGTH = 10_240;

/** In the order in which they are done: each needs the ones before it. */
export const STEPS: StepReaders<TaggerStepKind, TaggerContext> = [
  ['role', planRole],
  ['function', planFunction],
  ['jobRole', planJobRole],
];

/**
 * Reads what is there and says what would be done so that a Region's tagger may tag these buckets too.
 * Nothing is changed.
 *
 * @throws BrigadeError `AccessDenied` naming the permission that the caller needs to look, `Network` …
 */
export async function planTagger(
  clients: AwsClients,
  wanted: TaggerTarget,
  options: CallOptions = {},
): Promise<TaggerPlan> {
  const scope = await readTaggerScope(clients, wanted.region, options);
  const target = { ...wanted, ...withScope(wanted, scope) };
  const context = { clients, target, options };
  const steps = [await planRole(context), await planFunction(context), await planJobRole(context)];
  return { target, steps: steps.map(({ step }) => step) };
}

async function planRole(context: TaggerContext): Promise<PlannedStep<'role'>> {
  const { clients, target } = context;
  const { region, buckets, reports } = target;
  const { partition, accountId } = clients;
  const place = { partition, region, accountId, functionName: TAGGER_NAME };
  return await planChecked(context, {
    kind: 'role',
    service: LAMBDA_SERVICE,
    name: taggerRoleName(region),
    owner: taggerOwner(region),
    description: `Changes tags of objects in ${region} (Bucket Brigade)`,
    policyName: POLICY_NAME,
    policy: taggerRolePolicy({ ...place, buckets, reports }),
  });
}

/** The role that S3 Batch Operations reads manifests, calls the tagger and writes reports with. */
async function planJobRole(context: TaggerContext): Promise<PlannedStep<'jobRole'>> {
  const { clients, target } = context;
  const { region, buckets, reports } = target;
  const functionArn = taggerArn(clients, region);
  const { partition } = clients;
  return await planChecked(context, {
    kind: 'jobRole',
    service: BATCH_SERVICE,
    name: taggerJobRoleName(region),
    owner: taggerOwner(region),
    description: `Runs jobs that change tags in ${region} (Bucket Brigade)`,
    policyName: POLICY_NAME,
    policy: taggerJobRolePolicy({ partition, functionArn, buckets, reports }),
  });
}

async function planChecked<Kind extends TaggerStepKind>(
  context: TaggerContext,
  role: OwnRole<Kind>,
): Promise<PlannedStep<Kind>> {
  const { kind, name, policy } = role;
  if (JSON.stringify(policy).length <= MAX_POLICY_LENGTH) return await planOwnRole(context, role);
  const reason = `Its policy would be longer than IAM's ${MAX_POLICY_LENGTH} characters: remove the tagger, and deploy it for fewer buckets`;
  return conflict(
    { kind, subject: name },
    'policyTooLong',
    [name, String(MAX_POLICY_LENGTH)],
    reason,
  );
}

async function planFunction({
  clients,
  target,
  options,
}: TaggerContext): Promise<PlannedStep<'function'>> {
  const { region, code } = target;
  const at = { functionName: TAGGER_NAME, region };
  const found = await orUndefined(getFunction(clients, at, options));
  const own = {
    ...{ clients, options, region, functionName: TAGGER_NAME },
    owner: taggerOwner(region),
    description: 'Changes tags of objects, for S3 Batch Operations (Bucket Brigade)',
    architecture: 'x86_64' as const,
    code: {
      ...codeOfZip(code),
      withZip: (use: (zip: { kind: 'zipFile'; bytes: Uint8Array }) => Promise<void>) =>
        use({ kind: 'zipFile', bytes: code.bytes }),
    },
    settings: ({ environment = {} }: { environment?: Readonly<Record<string, string>> } = {}) => ({
      runtime: RUNTIME,
      handler: HANDLER,
      role: roleArn(clients, taggerRoleName(region)),
      memoryMegabytes: MEMORY_MEGABYTES,
      timeoutSeconds: TIMEOUT_SECONDS,
      environment,
    }),
  };
  return planOwnFunction(own, found);
}
