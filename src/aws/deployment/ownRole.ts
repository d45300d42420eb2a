import { isDeepStrictEqual } from 'node:util';
import type { CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { trustPolicy, type PolicyDocument } from '../roles/policyStatement.ts';
import {
  createRole,
  deleteRole,
  deleteRolePolicy,
  putRolePolicy,
  putTrustPolicy,
} from '../roles/roleChanges.ts';
import { getRole, getRolePolicy, type RoleDetails } from '../roles/roleDetails.ts';
import { isRoleName } from '../roles/roleNames.ts';
import { trustsService } from '../roles/roleTrust.ts';
import { DEPLOYMENT_TAG } from './deploymentTag.ts';
import { conflict, foreign, orUndefined, type PlannedStep, type Run } from './plannedStep.ts';
import type { UndoResult } from './undoLog.ts';

/** A role that is made for a function or its jobs, and kept right. */
export interface OwnRole<Kind extends string = string> {
  readonly kind: Kind;
  /** Who assumes it, as trust policies name it. */
  readonly service: string;
  readonly name: string;
  /** The value of our tag: whose deployment it is. */
  readonly owner: string;
  readonly description: string;
  /** The name of our policy in it. */
  readonly policyName: string;
  readonly policy: PolicyDocument;
}

interface RoleContext {
  readonly clients: AwsClients;
  readonly options: CallOptions;
}

/** Plans a role of ours: made where there is none, its trust and our policy kept as they must be. */
export async function planOwnRole<Kind extends string>(
  context: RoleContext,
  role: OwnRole<Kind>,
): Promise<PlannedStep<Kind>> {
  const { clients, options } = context;
  const { name, policyName, kind, service } = role;
  const facts = { kind, subject: name };
  if (!isRoleName(name)) {
    const reason = 'An IAM role has a name of 1 to 64 letters, digits and _ + = , . @ -';
    return conflict(facts, 'badInput', [reason], reason);
  }
  const found = await orUndefined(getRole(clients, name, options));
  if (found === undefined) {
    const details = [
      { kind: 'tag' as const, key: DEPLOYMENT_TAG, value: role.owner },
      `AssumeRolePolicyDocument: ${pretty(trustPolicy(service))}`,
      `${policyName}: ${pretty(documentOf(role))}`,
    ];
    return {
      step: { ...facts, action: 'create', details },
      apply: run => create(context, role, run),
    };
  }
  return foreign(facts, found.tags, role.owner) ?? (await planChange(context, role, found));
}

async function planChange<Kind extends string>(
  context: RoleContext,
  role: OwnRole<Kind>,
  found: RoleDetails,
): Promise<PlannedStep<Kind>> {
  const { clients, options } = context;
  const { name, policyName, kind, service } = role;
  const at = { role: name, policy: policyName };
  const before = await orUndefined(getRolePolicy(clients, at, options));
  const document = documentOf(role);
  const trusted = trustsService(found.trustPolicy, service);
  const same = before !== undefined && isDeepStrictEqual(JSON.parse(before), document);
  const facts = { kind, subject: name };
  if (trusted && same) return { step: { ...facts, action: 'keep', details: [found.arn] } };
  const details = [
    ...(trusted ? [] : [`AssumeRolePolicyDocument: ${pretty(trustPolicy(service))}`]),
    ...(same ? [] : [policyDetail(policyName, before, document)]),
  ];
  const apply = async (run: Run): Promise<void> => {
    if (!trusted) await replaceTrust(context, role, found, run);
    if (!same) await replacePolicy(context, role, before, run);
  };
  return { step: { ...facts, action: 'change', details }, apply };
}

/** As it is sent and as IAM gives it back. */
function documentOf({ policy }: OwnRole): object {
  return JSON.parse(JSON.stringify(policy)) as object;
}

async function create(context: RoleContext, role: OwnRole, run: Run): Promise<void> {
  const { clients, options } = context;
  const { name, owner, description, policyName } = role;
  const tags = { [DEPLOYMENT_TAG]: owner };
  const undo = {
    what: `role ${name}`,
    run: (later: CallOptions) => rollBack(context, role, later),
  };
  await run.undo.perform(undo, () =>
    createRole(clients, { name, description, trust: trustPolicy(role.service), tags }, options),
  );
  run.isNew.add(role.kind);
  const document = JSON.stringify(documentOf(role));
  await putRolePolicy(clients, { role: name, policy: policyName, document }, options);
}

async function rollBack(
  { clients }: RoleContext,
  { name, owner, policyName }: OwnRole,
  options: CallOptions,
): Promise<UndoResult> {
  const found = await orUndefined(getRole(clients, name, options));
  if (found?.tags[DEPLOYMENT_TAG] !== owner) return 'nothing';
  await orUndefined(deleteRolePolicy(clients, { role: name, policy: policyName }, options));
  await orUndefined(deleteRole(clients, name, options));
  return 'undone';
}

async function replacePolicy(
  { clients, options }: RoleContext,
  role: OwnRole,
  before: string | undefined,
  { undo }: Run,
): Promise<void> {
  const { name, policyName } = role;
  const at = { role: name, policy: policyName };
  const wanted = documentOf(role);
  const restore = async (later: CallOptions): Promise<UndoResult> => {
    const now = await orUndefined(getRolePolicy(clients, at, later));
    if (now === before) return 'nothing';
    if (now === undefined || !isDeepStrictEqual(JSON.parse(now), wanted)) return 'left';
    if (before === undefined) await orUndefined(deleteRolePolicy(clients, at, later));
    else await putRolePolicy(clients, { ...at, document: before }, later);
    return 'undone';
  };
  await undo.perform({ what: `policy ${policyName} of role ${name}`, run: restore }, () =>
    putRolePolicy(clients, { ...at, document: JSON.stringify(wanted) }, options),
  );
}

async function replaceTrust(
  { clients, options }: RoleContext,
  { kind, service }: OwnRole,
  { name: role, trustPolicy: before }: RoleDetails,
  { undo, isNew }: Run,
): Promise<void> {
  const wanted = trustPolicy(service);
  const restore = async (later: CallOptions): Promise<UndoResult> => {
    const { trustPolicy: now } = await getRole(clients, role, later);
    if (now === before) return 'nothing';
    if (!isDeepStrictEqual(JSON.parse(now), wanted)) return 'left';
    await putTrustPolicy(clients, { role, document: before }, later);
    return 'undone';
  };
  await undo.perform({ what: `trust policy of role ${role}`, run: restore }, () =>
    putTrustPolicy(clients, { role, document: JSON.stringify(wanted) }, options),
  );
  // Its service sees the new trust policy as late as a new role.
  isNew.add(kind);
}

/** The policy as it will be; where there is one, with a sign before each line that comes or goes. */
function policyDetail(name: string, before: string | undefined, after: object): string {
  const wanted = pretty(after);
  if (before === undefined) return `${name}: ${wanted}`;
  const former = pretty(JSON.parse(before) as object).split('\n');
  const lines = wanted.split('\n');
  const has = (all: readonly string[], line: string): boolean =>
    all.some(one => one.replace(/,$/, '') === line.replace(/,$/, ''));
  const gone = former.filter(line => !has(lines, line)).map(line => `− ${line}`);
  const all = lines.map(line => (has(former, line) ? `  ${line}` : `+ ${line}`));
  return [`${name}:`, ...all, ...gone].join('\n');
}

function pretty(document: object): string {
  return JSON.stringify(document, undefined, 2);
}
