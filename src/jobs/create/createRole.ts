import { l10n, window } from 'vscode';
import { isRoleName } from '../../aws/batchJobs/jobRules.ts';
import type { PolicyDocument } from '../../aws/roles/rolePolicy.ts';
import type { Session } from '../../services.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { askText, type PromptPosition } from '../../vscode/prompts.ts';
import type { Documents } from '../../vscode/documents.ts';
import type { Draft } from './draft.ts';
import { roleNeeds, suggestedRoleName } from './roleNeeds.ts';

/**
 * Makes a role for the job, after its policies were shown and agreed to.
 *
 * @returns its ARN, or undefined when it was not agreed to.
 * @throws BrigadeError `Conflict` when there is a role of that name; `AccessDenied`; BackPressed
 */
export async function createRole(
  position: PromptPosition,
  session: Session,
  documents: Documents,
  draft: Draft,
): Promise<string | undefined> {
  const needs = roleNeeds(draft, session.clients.partition);
  if (needs === undefined) return undefined;
  const name = await askText({
    ...position,
    prompt: l10n.t('Name of the new role'),
    value: suggestedRoleName(draft),
    validate: text =>
      isRoleName(text)
        ? undefined
        : l10n.t('1 to 64 letters, digits and _ + = , . @ - are allowed.'),
  });
  const { batchTrustPolicy, batchRolePolicy } = await import('../../aws/roles/rolePolicy.ts');
  const policy = batchRolePolicy(needs);
  const both = { TrustPolicy: batchTrustPolicy(), Policy: policy };
  await documents.show('role', `${name}.json`, JSON.stringify(both, undefined, 2));
  if (!(await agreed(name, policy))) return undefined;
  const { createBatchRole } = await import('../../aws/roles/roles.ts');
  const title = l10n.t('Creating role {0} and waiting until it can be used', name);
  const role = await withCancellableProgress({ title }, signal =>
    createBatchRole(session.clients, { name, policy }, { signal }),
  );
  return role.arn;
}

async function agreed(name: string, policy: PolicyDocument): Promise<boolean> {
  const create = l10n.t('Create Role');
  const actions = policy.Statement.flatMap(({ Action }) => Action);
  const chosen = await window.showInformationMessage(
    l10n.t('Create the role “{0}”?', name),
    {
      modal: true,
      detail: l10n.t(
        'S3 Batch Operations can take it on and is then allowed: {0}. Its policies are open in the editor.',
        actions.join(', '),
      ),
    },
    create,
  );
  return chosen === create;
}
