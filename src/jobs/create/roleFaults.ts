import { l10n } from 'vscode';
import type { AwsClients } from '../../aws/clients.ts';
import { BrigadeError } from '../../aws/errors.ts';
import type { RoleCheck } from '../../aws/roles/roleCheck.ts';
import { BATCH_SERVICE } from '../../aws/roles/rolePolicy.ts';
import type { Draft } from './draft.ts';
import {
  describeMissing,
  isDenied,
  isUnchecked,
  missingPermissions,
  roleNeeds,
  type RoleFault,
} from './roleNeeds.ts';

/** What is wrong with a role for a job. */
export interface RoleFaults {
  readonly exists: boolean;
  /** Whether S3 Batch Operations may assume it; undefined when that cannot be read. */
  readonly trusted: boolean | undefined;
  readonly faults: readonly RoleFault[];
  /** What the job does without, but worse. */
  readonly hints?: readonly RoleFault[];
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
  const { checkRole } = await import('../../aws/roles/roleCheck.ts');
  try {
    return faultsOf(await checkRole(clients, { ...needs, roleArn }, { signal }));
  } catch (error) {
    if (!(error instanceof BrigadeError) || error.code !== 'NotFound') throw error;
    const consequence = l10n.t('There is no such role in this account');
    const faults = [{ consequence, detail: roleArn }];
    return { exists: false, trusted: undefined, faults, checked: true };
  }
}

function faultsOf(check: RoleCheck): RoleFaults {
  const untrusted = {
    consequence: l10n.t('S3 Batch Operations can’t assume this role'),
    detail: l10n.t('Its trust policy does not name {0}', BATCH_SERVICE),
  };
  const hints = check.findings
    .filter(({ purpose, decision }) => purpose === 'tellMissing' && isDenied(decision))
    .map(describeMissing);
  return {
    exists: true,
    trusted: check.trusted,
    faults: [
      ...(check.trusted === false ? [untrusted] : []),
      ...missingPermissions(check).map(describeMissing),
    ],
    ...(hints.length > 0 && { hints }),
    checked: !isUnchecked(check),
  };
}
