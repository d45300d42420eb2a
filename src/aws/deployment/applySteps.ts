import { isDeepStrictEqual } from 'node:util';
import { call, type CallOptions } from '../call.ts';
import { BrigadeError } from '../errors.ts';
import { toBrigadeError } from '../toBrigadeError.ts';
import type { PlannedStep, Run } from './plannedStep.ts';
import { conflictsOf, type Step } from './step.ts';
import { UndoLog } from './undoLog.ts';

export interface StepProgress<Kind extends string> {
  readonly step: Step<Kind>;
  /**
   * `undoing`: this step failed or was cancelled, and what was done is being undone; then `undone`,
   * if anything had been done.
   */
  readonly state: 'begun' | 'waitingForRole' | 'waitingForFunction' | 'done' | 'undoing' | 'undone';
}

export interface ApplyOptions<Kind extends string> extends CallOptions {
  readonly onProgress?: (progress: StepProgress<Kind>) => void;
}

/** How each kind of step is read, in the order in which they are done. */
export type StepReaders<Kind extends string, Context> = readonly (readonly [
  Kind,
  (context: Context) => Promise<PlannedStep<Kind>>,
])[];

/**
 * Does what a plan says. Each step reads again first, and continues only where what it would do is
 * what the plan said. A step that fails, or is cancelled, undoes what this run did, in reverse.
 *
 * @returns the steps that did anything
 * @throws BrigadeError `Conflict` for a plan with a conflict, or when something has changed since
 *   it was made; whatever a step fails with; `Cancelled`; `UndoIncomplete` naming what is left
 */
export async function applySteps<Kind extends string, Context>(
  steps: readonly Step<Kind>[],
  readers: StepReaders<Kind, Context>,
  context: Context,
  options: ApplyOptions<Kind>,
): Promise<Step<Kind>[]> {
  assertNoConflict(steps);
  const run = { undo: new UndoLog(), isNew: new Set<string>() };
  const done: Step<Kind>[] = [];
  for (const [kind, read] of readers) {
    const planned = steps.find(step => step.kind === kind);
    if (planned === undefined) continue;
    try {
      const step = await applyStep(planned, () => read(context), run, options);
      if (step) done.push(step);
    } catch (error) {
      options.onProgress?.({ step: planned, state: 'undoing' });
      const { undone, left } = await run.undo.undoAll();
      if (undone) options.onProgress?.({ step: planned, state: 'undone' });
      throw withLeft(toBrigadeError(error), left);
    }
  }
  return done;
}

/** @throws BrigadeError `Conflict` for a plan that can't be applied */
export function assertNoConflict<Kind extends string>(steps: readonly Step<Kind>[]): void {
  const [conflict] = conflictsOf({ steps });
  if (conflict) throw refusal(conflict);
}

/** Answers the step if it did anything. */
async function applyStep<Kind extends string>(
  planned: Step<Kind>,
  read: () => Promise<PlannedStep<Kind>>,
  run: Pick<Run, 'undo' | 'isNew'>,
  { signal, onProgress }: ApplyOptions<Kind>,
): Promise<Step<Kind> | undefined> {
  onProgress?.({ step: planned, state: 'begun' });
  const { step, apply } = await read();
  if (apply !== undefined || step.action === 'conflict') assertAsPlanned(planned, step);
  const waits = { role: 'waitingForRole', function: 'waitingForFunction' } as const;
  await apply?.({ ...run, onWait: what => onProgress?.({ step, state: waits[what] }) });
  // What was done after the last look at the signal is undone as well.
  await call(step.subject, { signal }, () => Promise.resolve());
  onProgress?.({ step, state: 'done' });
  return apply && step;
}

/** People agreed to what the plan said, and to nothing else. */
function assertAsPlanned(planned: Step<string>, step: Step<string>): void {
  if (step.action === 'conflict') throw refusal(step);
  if (planned.action === step.action && isDeepStrictEqual(planned.details, step.details)) return;
  throw new BrigadeError('Conflict', 'It has changed since the plan was made: plan again', {
    subject: step.subject,
    problem: { kind: 'planChanged' },
  });
}

function refusal({ subject, reason, conflict }: Step<string>): BrigadeError {
  return new BrigadeError('Conflict', reason ?? 'It cannot be deployed', {
    subject,
    problem: { kind: 'conflict', conflict },
  });
}

function withLeft(error: BrigadeError, left: readonly string[]): BrigadeError {
  if (left.length === 0) return error;
  const { subject } = error;
  return new BrigadeError('UndoIncomplete', error.message, {
    subject,
    left,
    problem: error.problem,
    cause: error,
  });
}
