import {
  permits,
  restorable,
  statementIdFor,
  type InvokeStatement,
} from '../functions/functionPolicyDocument.ts';
import {
  addBucketPermission,
  addPermission,
  readPolicy,
  removePermission,
} from '../functions/functionPolicy.ts';
import type { CallOptions } from '../call.ts';
import { conflict, orUndefined, type Run } from '../deployment/plannedStep.ts';
import { bucketArn } from '../s3Uri.ts';
import { functionArnOf, type DeploymentContext, type ResizeStep } from './context.ts';
import type { UndoResult } from '../deployment/undoLog.ts';

/** The statement of the function's policy by which the bucket may invoke it. */
export async function planPermission(context: DeploymentContext): Promise<ResizeStep> {
  const { clients, target, region, options } = context;
  const { functionName } = target;
  const wanted = wantedOf(context);
  const { statements } = await readPolicy(clients, { functionName, region }, options);
  const facts = { kind: 'permission' as const, subject: functionArnOf(context) };
  const theirs = statements.find(statement => permits(statement, wanted));
  if (theirs) return { step: { ...facts, action: 'keep', details: [`Sid: ${theirs.sid}`] } };
  const details = [
    `Sid: ${wanted.statementId}`,
    'Principal: s3.amazonaws.com',
    'Action: lambda:InvokeFunction',
    `SourceArn: ${wanted.bucketArn}`,
    `SourceAccount: ${wanted.accountId}`,
  ];
  const old = statements.find(({ sid }) => sid === wanted.statementId);
  if (old && restorable(old) === undefined) {
    const reason = `Its policy has another statement ${old.sid}`;
    return conflict(facts, 'notOurs', [`${facts.subject} (${old.sid})`], reason);
  }
  return {
    step: { ...facts, action: old ? 'change' : 'create', details },
    apply: run => apply(context, old, run),
  };
}

function wantedOf({ clients, target, region }: DeploymentContext) {
  const { bucket, functionName } = target;
  const { partition, accountId } = clients;
  const statementId = statementIdFor(bucket);
  return { functionName, region, statementId, bucketArn: bucketArn(partition, bucket), accountId };
}

/** Lambda has no way to change a statement: the old one is removed first. */
async function apply(
  context: DeploymentContext,
  old: InvokeStatement | undefined,
  { undo, isNew }: Run,
): Promise<void> {
  const { clients, options } = context;
  const wanted = wantedOf(context);
  const what = `permission ${wanted.statementId} of function ${wanted.functionName}`;
  if (old) {
    await undo.perform({ what, run: later => putBack(context, old, later) }, () =>
      removePermission(clients, wanted, options),
    );
  }
  await undo.perform({ what, run: later => rollBack(context, later) }, () =>
    addBucketPermission(clients, wanted, options),
  );
  isNew.add('permission');
}

async function rollBack(context: DeploymentContext, options: CallOptions): Promise<UndoResult> {
  const { clients } = context;
  const wanted = wantedOf(context);
  const { statements } = await readPolicy(clients, wanted, options);
  const ours = statements.find(({ sid }) => sid === wanted.statementId);
  if (!ours || !permits(ours, wanted)) return 'nothing';
  await orUndefined(removePermission(clients, wanted, options));
  return 'undone';
}

async function putBack(
  context: DeploymentContext,
  old: InvokeStatement,
  options: CallOptions,
): Promise<UndoResult> {
  const { clients } = context;
  const { functionName, region } = wantedOf(context);
  const { statements } = await readPolicy(clients, { functionName, region }, options);
  if (statements.some(({ sid }) => sid === old.sid)) return 'nothing';
  const permission = restorable(old);
  if (permission === undefined) return 'left';
  await addPermission(clients, { functionName, region, ...permission }, options);
  return 'undone';
}
