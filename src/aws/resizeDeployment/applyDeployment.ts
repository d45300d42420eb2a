import { isDeepStrictEqual } from 'node:util';
import { call, type CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { BrigadeError } from '../errors.ts';
import { toBrigadeError } from '../toBrigadeError.ts';
import {
  functionArnOf,
  roleArnOf,
  type DeploymentContext,
  type PlannedStep,
  type Run,
} from './context.ts';
import {
  conflictsOf,
  type DeploymentPlan,
  type DeploymentStep,
  type StepKind,
} from './deploymentPlan.ts';
import { contextFor, STEPS } from './planDeployment.ts';
import { UndoLog } from './undoLog.ts';

export interface DeploymentProgress {
  readonly step: DeploymentStep;
  /**
   * `undoing`: this step failed or was cancelled, and what was done is being undone; then `undone`,
   * if anything had been done.
   */
  readonly state: 'begun' | 'waitingForRole' | 'waitingForFunction' | 'done' | 'undoing' | 'undone';
}

export interface ApplyOptions extends CallOptions {
  readonly onProgress?: (progress: DeploymentProgress) => void;
}

export interface Deployment {
  readonly functionArn: string;
  readonly roleArn: string;
  readonly region: string;
  /** What was made or changed. */
  readonly done: readonly DeploymentStep[];
}

/**
 * Does what a plan says. Each step reads again first, and goes on only where what it would do is
 * what the plan said. A step that fails, or is cancelled, undoes what this run did, in reverse.
 *
 * @throws BrigadeError `Conflict` for a plan with a conflict, or when something has changed since it
 *   was made; whatever a step fails with; `Cancelled`; `UndoIncomplete` naming what is left
 */
export async function applyDeployment(
  clients: AwsClients,
  plan: DeploymentPlan,
  options: ApplyOptions = {},
): Promise<Deployment> {
  const [conflict] = conflictsOf(plan);
  if (conflict) throw refusal(conflict);
  const { context } = await contextFor(clients, plan.target, options);
  const undo = new UndoLog();
  const done: DeploymentStep[] = [];
  const isNew = new Set<StepKind>();
  for (const [kind, read] of STEPS) {
    const planned = plan.steps.find(step => step.kind === kind);
    if (planned === undefined) continue;
    try {
      const step = await applyStep(context, planned, read, { undo, isNew }, options);
      if (step) done.push(step);
    } catch (error) {
      options.onProgress?.({ step: planned, state: 'undoing' });
      const { undone, left } = await undo.undoAll();
      if (undone) options.onProgress?.({ step: planned, state: 'undone' });
      throw withLeft(toBrigadeError(error), left);
    }
  }
  const { region } = context;
  return { functionArn: functionArnOf(context), roleArn: roleArnOf(context), region, done };
}

/** Answers the step if it did anything. */
async function applyStep(
  context: DeploymentContext,
  planned: DeploymentStep,
  read: (context: DeploymentContext) => Promise<PlannedStep>,
  run: Pick<Run, 'undo' | 'isNew'>,
  { signal, onProgress }: ApplyOptions,
): Promise<DeploymentStep | undefined> {
  onProgress?.({ step: planned, state: 'begun' });
  const { step, apply } = await read(context);
  if (apply !== undefined || step.action === 'conflict') assertAsPlanned(planned, step);
  const waits = { role: 'waitingForRole', function: 'waitingForFunction' } as const;
  await apply?.({ ...run, onWait: what => onProgress?.({ step, state: waits[what] }) });
  // What was done after the last look at the signal is undone as well.
  await call(step.subject, { signal }, () => Promise.resolve());
  onProgress?.({ step, state: 'done' });
  return apply && step;
}

/** People agreed to what the plan said, and to nothing else. */
function assertAsPlanned(planned: DeploymentStep, step: DeploymentStep): void {
  if (step.action === 'conflict') throw refusal(step);
  if (planned.action === step.action && isDeepStrictEqual(planned.details, step.details)) return;
  throw new BrigadeError('Conflict', 'It has changed since the plan was made: plan again', {
    subject: step.subject,
  });
}

function refusal({ subject, reason }: DeploymentStep): BrigadeError {
  return new BrigadeError('Conflict', reason ?? 'It cannot be deployed', { subject });
}

function withLeft(error: BrigadeError, left: readonly string[]): BrigadeError {
  if (left.length === 0) return error;
  const { subject } = error;
  return new BrigadeError('UndoIncomplete', error.message, { subject, left, cause: error });
}
