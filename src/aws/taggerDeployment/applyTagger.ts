import { setTimeout as delay } from 'node:timers/promises';
import { call } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { applySteps, type ApplyOptions } from '../deployment/applySteps.ts';
import { waitUntilActive } from '../functions/functionStates.ts';
import { STEPS } from './planTagger.ts';
import {
  roleArn,
  TAGGER_NAME,
  taggerArn,
  taggerJobRoleName,
  type TaggerPlan,
  type TaggerStep,
  type TaggerStepKind,
} from './tagger.ts';

/** AWS: a policy of a role holds everywhere some seconds after it was written. */
const PROPAGATION_MS = 10_000;

export interface AppliedTagger {
  readonly functionArn: string;
  /** Of the jobs. */
  readonly roleArn: string;
  /** Whether the role of the jobs was made just now, so that S3 may not know it yet. */
  readonly roleIsNew: boolean;
  /** What was made or changed. */
  readonly done: readonly TaggerStep[];
}

/**
 * Does what a plan says, and waits until jobs can use the tagger. Each step reads again first, and
 * continues only where what it would do is what the plan said. A step that fails, or is cancelled,
 * undoes what this run did, in reverse.
 *
 * @throws BrigadeError as applySteps
 */
export async function applyTagger(
  clients: AwsClients,
  { target, steps }: TaggerPlan,
  options: ApplyOptions<TaggerStepKind> = {},
): Promise<AppliedTagger> {
  const { region } = target;
  const done = await applySteps(steps, STEPS, { clients, target, options }, options);
  if (done.length > 0)
    await waitUntilActive(clients, { functionName: TAGGER_NAME, region }, options);
  // A task that comes too soon is denied, and that is a permanent failure.
  if (done.some(({ kind }) => kind !== 'function') && clients.endpoint === undefined) {
    await call(TAGGER_NAME, options, () =>
      delay(PROPAGATION_MS, undefined, { signal: options.signal }),
    );
  }
  const made = done.find(({ kind }) => kind === 'jobRole');
  return {
    functionArn: taggerArn(clients, region),
    roleArn: roleArn(clients, taggerJobRoleName(region)),
    roleIsNew: made?.action === 'create',
    done,
  };
}
