import { isDeepStrictEqual } from 'node:util';
import type { CallOptions } from '../call.ts';
import { isRoleName } from '../roles/roleNames.ts';
import { resizeRolePolicy } from '../resizeFunction/resizeRolePolicy.ts';
import { LAMBDA_SERVICE, lambdaTrustPolicy } from '../roles/functionRolePolicy.ts';
import {
  createRole,
  deleteRole,
  deleteRolePolicy,
  putRolePolicy,
  putTrustPolicy,
} from '../roles/roleChanges.ts';
import { getRole, getRolePolicy, type RoleDetails } from '../roles/roleDetails.ts';
import { trustsService } from '../roles/roleTrust.ts';
import {
  conflict,
  foreign,
  orUndefined,
  roleInputOf,
  type DeploymentContext,
  type PlannedStep,
  type Run,
} from './context.ts';
import { planGivenRole } from './givenRole.ts';
import { DEPLOYMENT_TAG } from '../deploymentTag.ts';
import type { UndoResult } from './undoLog.ts';

/** The name of our policy in our role. */
export const POLICY_NAME = 'BucketBrigadeResize';

/** The function's role: one that was chosen is only checked, one of ours made and kept right. */
export async function planRole(context: DeploymentContext): Promise<PlannedStep> {
  const { clients, target, options } = context;
  if ('arn' in target.role) return planGivenRole(context, target.role.arn);
  const { name } = target.role;
  const facts = { kind: 'role' as const, subject: name };
  if (!isRoleName(name)) {
    const reason = 'An IAM role has a name of 1 to 64 letters, digits and _ + = , . @ -';
    return conflict(facts, 'badInput', [reason], reason);
  }
  const document = policyOf(context);
  const found = await orUndefined(getRole(clients, name, options));
  if (found === undefined) {
    const details = [
      `Tag: ${DEPLOYMENT_TAG} = ${target.bucket}`,
      `AssumeRolePolicyDocument: ${pretty(lambdaTrustPolicy())}`,
      `${POLICY_NAME}: ${pretty(document)}`,
    ];
    return {
      step: { ...facts, action: 'create', details },
      apply: run => create(context, name, run),
    };
  }
  return foreign(facts, found.tags, target.bucket) ?? (await planChange(context, found));
}

async function planChange(context: DeploymentContext, found: RoleDetails): Promise<PlannedStep> {
  const { clients, options } = context;
  const { name } = found;
  const at = { role: name, policy: POLICY_NAME };
  const before = await orUndefined(getRolePolicy(clients, at, options));
  const document = policyOf(context);
  const trusted = trustsService(found.trustPolicy, LAMBDA_SERVICE);
  const same = before !== undefined && isDeepStrictEqual(JSON.parse(before), document);
  const facts = { kind: 'role' as const, subject: name };
  if (trusted && same) return { step: { ...facts, action: 'keep', details: [found.arn] } };
  const details = [
    ...(trusted ? [] : [`AssumeRolePolicyDocument: ${pretty(lambdaTrustPolicy())}`]),
    ...(same
      ? []
      : [`${POLICY_NAME}: ${before === undefined ? '' : `${before} → `}${pretty(document)}`]),
  ];
  const apply = async (run: Run): Promise<void> => {
    if (!trusted) await replaceTrust(context, found, run);
    if (!same) await replacePolicy(context, name, before, run);
  };
  return { step: { ...facts, action: 'change', details }, apply };
}

/** As it is sent and as IAM gives it back. */
function policyOf(context: DeploymentContext): object {
  return JSON.parse(JSON.stringify(resizeRolePolicy(roleInputOf(context)))) as object;
}

async function create(context: DeploymentContext, name: string, run: Run): Promise<void> {
  const { clients, target, options } = context;
  const tags = { [DEPLOYMENT_TAG]: target.bucket };
  const undo = {
    what: `role ${name}`,
    run: (later: CallOptions) => takeBack(context, name, later),
  };
  const description = `Resizes the images of ${target.bucket} (Bucket Brigade)`;
  await run.undo.perform(undo, () =>
    createRole(clients, { name, description, trust: lambdaTrustPolicy(), tags }, options),
  );
  run.isNew.add('role');
  const document = JSON.stringify(policyOf(context));
  await putRolePolicy(clients, { role: name, policy: POLICY_NAME, document }, options);
}

async function takeBack(
  { clients, target }: DeploymentContext,
  name: string,
  options: CallOptions,
): Promise<UndoResult> {
  const found = await orUndefined(getRole(clients, name, options));
  if (found?.tags[DEPLOYMENT_TAG] !== target.bucket) return 'nothing';
  await orUndefined(deleteRolePolicy(clients, { role: name, policy: POLICY_NAME }, options));
  await orUndefined(deleteRole(clients, name, options));
  return 'undone';
}

async function replacePolicy(
  context: DeploymentContext,
  role: string,
  before: string | undefined,
  { undo }: Run,
): Promise<void> {
  const { clients, options } = context;
  const at = { role, policy: POLICY_NAME };
  const wanted = policyOf(context);
  const restore = async (later: CallOptions): Promise<UndoResult> => {
    const now = await orUndefined(getRolePolicy(clients, at, later));
    if (now === before) return 'nothing';
    if (now === undefined || !isDeepStrictEqual(JSON.parse(now), wanted)) return 'left';
    if (before === undefined) await orUndefined(deleteRolePolicy(clients, at, later));
    else await putRolePolicy(clients, { ...at, document: before }, later);
    return 'undone';
  };
  await undo.perform({ what: `policy ${POLICY_NAME} of role ${role}`, run: restore }, () =>
    putRolePolicy(clients, { ...at, document: JSON.stringify(wanted) }, options),
  );
}

async function replaceTrust(
  { clients, options }: DeploymentContext,
  { name: role, trustPolicy: before }: RoleDetails,
  { undo, isNew }: Run,
): Promise<void> {
  const restore = async (later: CallOptions): Promise<UndoResult> => {
    const { trustPolicy: now } = await getRole(clients, role, later);
    if (now === before) return 'nothing';
    if (!isDeepStrictEqual(JSON.parse(now), lambdaTrustPolicy())) return 'left';
    await putTrustPolicy(clients, { role, document: before }, later);
    return 'undone';
  };
  await undo.perform({ what: `trust policy of role ${role}`, run: restore }, () =>
    putTrustPolicy(clients, { role, document: JSON.stringify(lambdaTrustPolicy()) }, options),
  );
  // Lambda sees the new trust policy as late as a new role.
  isNew.add('role');
}

function pretty(document: object): string {
  return JSON.stringify(document, undefined, 2);
}
