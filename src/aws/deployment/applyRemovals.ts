import type { CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { BrigadeError } from '../errors.ts';
import { deleteRole, deleteRolePolicy } from '../roles/roleChanges.ts';
import { orUndefined } from './plannedStep.ts';
import type { Removal, RemovalProgress } from './removal.ts';

export interface RemovalOptions<Kind extends string> extends CallOptions {
  readonly onProgress?: (progress: RemovalProgress<Kind>) => void;
}

/**
 * Removes what a plan says, in its order. Nothing is removed that the plan did not name; what is
 * gone already is no error, so a removal that failed or was cancelled is continued by another.
 *
 * @param planned what was agreed to
 * @param now the same, as it was read again just now
 * @returns the steps that were done
 * @throws BrigadeError whatever a step fails with (what was removed before stays removed);
 *   `Conflict` when there is more to remove than the plan said
 */
export async function applyRemovals<Kind extends string>(
  planned: readonly Removal<Kind>[],
  now: readonly Removal<Kind>[],
  remove: (step: Removal<Kind>) => Promise<void>,
  { onProgress }: RemovalOptions<Kind>,
): Promise<Removal<Kind>[]> {
  const done: Removal<Kind>[] = [];
  for (const step of now) {
    if (step.action === 'keep') continue;
    if (!wasPlanned(planned, step)) {
      throw new BrigadeError('Conflict', 'It has changed since the plan was made: plan again', {
        subject: step.subject,
        problem: { kind: 'planChanged' },
      });
    }
    onProgress?.({ step, state: 'begun' });
    await orUndefined(remove(step));
    onProgress?.({ step, state: 'done' });
    done.push(step);
  }
  return done;
}

function wasPlanned(planned: readonly Removal<string>[], { kind, subject }: Removal<string>) {
  return planned.some(
    step => step.action === 'delete' && step.kind === kind && step.subject === subject,
  );
}

/** Deletes a role of ours with our policy in it. */
export async function removeRole(
  clients: AwsClients,
  { role, policy }: { readonly role: string; readonly policy: string },
  options: CallOptions,
): Promise<void> {
  await orUndefined(deleteRolePolicy(clients, { role, policy }, options));
  await deleteRole(clients, role, options);
}
