import { l10n, QuickPickItemKind, ThemeIcon, type QuickPickItem } from 'vscode';
import { isRoleName } from '../../aws/roles/roleNames.ts';
import type { PolicyDocument } from '../../aws/roles/policyStatement.ts';
import type { Documents, Session } from '../../services.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { askText, BackPressed, pick, type PromptPosition } from '../../vscode/prompts.ts';
import type { Draft } from './draft.ts';
import { roleNeeds, suggestedRoleName } from './roleIssues.ts';

interface RoleChoice extends QuickPickItem {
  readonly choice: 'create' | 'name' | 'show';
}

/**
 * Makes a role for the job, after what it will be allowed was shown and agreed to.
 *
 * @returns its ARN
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
  const { batchTrustPolicy, batchRolePolicy } = await import('../../aws/roles/rolePolicy.ts');
  const policy = batchRolePolicy(needs);
  const both = { TrustPolicy: batchTrustPolicy(), Policy: policy };
  const name = await agreedName(position, policy, suggestedRoleName(draft), async shown => {
    const text = JSON.stringify(both, undefined, 2);
    await documents.show('role', `${shown}.json`, text, { preserveFocus: true });
  });
  const { createBatchRole } = await import('../../aws/roles/roles.ts');
  const title = l10n.t('Creating role {0} and waiting until it can be used', name);
  const role = await withCancellableProgress({ title }, signal =>
    createBatchRole(session.clients, { name, policy }, { signal }),
  );
  draft.newRole = role.arn;
  return role.arn;
}

/** The name of the new role, once it was agreed to; its policies can be read beside the question. */
async function agreedName(
  position: PromptPosition,
  policy: PolicyDocument,
  suggested: string,
  show: (name: string) => Promise<void>,
): Promise<string> {
  let name = suggested;
  for (;;) {
    const { choice } = await pick<RoleChoice>({
      ...position,
      placeholder: l10n.t('Create the role “{0}”? S3 Batch Operations can assume it.', name),
      items: choices(name, policy),
    });
    if (choice === 'create') return name;
    if (choice === 'show') await show(name);
    else name = await anotherName(position, name);
  }
}

function choices(name: string, policy: PolicyDocument): RoleChoice[] {
  return [
    { label: l10n.t('Create Role'), iconPath: new ThemeIcon('check'), choice: 'create' },
    {
      label: l10n.t('Change Name…'),
      description: name,
      iconPath: new ThemeIcon('edit'),
      choice: 'name',
    },
    { label: l10n.t('Show Policies'), iconPath: new ThemeIcon('json'), choice: 'show' },
    { label: l10n.t('It will be allowed'), kind: QuickPickItemKind.Separator, choice: 'show' },
    ...policy.Statement.map(({ Action, Resource }): RoleChoice => ({
      label: [Action].flat().join(', '),
      detail: [Resource].flat().join(', '),
      iconPath: new ThemeIcon('key'),
      choice: 'show',
    })),
  ];
}

async function anotherName(position: PromptPosition, value: string): Promise<string> {
  try {
    return await askText({
      ...position,
      prompt: l10n.t('Name of the new role'),
      value,
      validate: text =>
        isRoleName(text) ? undefined : l10n.t('Use 1 to 64 letters, digits and _ + = , . @ -'),
    });
  } catch (error) {
    if (error instanceof BackPressed) return value;
    throw error;
  }
}
