import { l10n } from 'vscode';
import type { AwsClients } from '../../aws/clients.ts';
import { BrigadeError } from '../../aws/errors.ts';
import type { RoleCheck } from '../../aws/roleCheck.ts';
import type { Draft } from './draft.ts';
import { describeMissing, isUnchecked, missingPermissions, roleNeeds } from './roleNeeds.ts';

/** What is wrong with a role for a job. */
export interface RoleFaults {
  readonly exists: boolean;
  /** Whether S3 Batch Operations may assume it; undefined when that cannot be read. */
  readonly trusted: boolean | undefined;
  /** One sentence each. */
  readonly faults: readonly string[];
  /** False where the caller may not ask IAM all that matters. */
  readonly checked: boolean;
}

/**
 * Checks a role against what the drafted job does.
 *
 * @throws BrigadeError
 */
export async function findRoleFaults(
  clients: AwsClients,
  roleArn: string,
  draft: Draft,
  signal?: AbortSignal,
): Promise<RoleFaults> {
  const needs = roleNeeds(draft, clients.partition);
  if (needs === undefined) return { exists: true, trusted: undefined, faults: [], checked: true };
  const { checkRole } = await import('../../aws/roleCheck.ts');
  try {
    return faultsOf(await checkRole(clients, { ...needs, roleArn }, { signal }));
  } catch (error) {
    if (!(error instanceof BrigadeError) || error.code !== 'NotFound') throw error;
    const faults = [l10n.t('There is no such role in this account')];
    return { exists: false, trusted: undefined, faults, checked: true };
  }
}

function faultsOf(check: RoleCheck): RoleFaults {
  const untrusted = l10n.t(
    'S3 Batch Operations cannot take it on: its trust policy does not name {0}',
    'batchoperations.s3.amazonaws.com',
  );
  return {
    exists: true,
    trusted: check.trusted,
    faults: [
      ...(check.trusted === false ? [untrusted] : []),
      ...missingPermissions(check).map(describeMissing),
    ],
    checked: !isUnchecked(check),
  };
}
