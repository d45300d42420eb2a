import { l10n, QuickPickItemKind, ThemeIcon, type QuickPickItem } from 'vscode';
import { BrigadeError, isCancelled } from '../../aws/errors.ts';
import { isRoleArn, roleName } from '../../aws/jobRules.ts';
import type { ServiceRole } from '../../aws/roleChanges.ts';
import type { Session } from '../../services.ts';
import { describeError } from '../../vscode/describeError.ts';
import { askText, BackPressed, pick, type PromptPosition } from '../../vscode/prompts.ts';
import { showError } from '../../vscode/showError.ts';
import type { Documents } from '../../vscode/documents.ts';
import { checkedRole } from './checkRole.ts';
import { createRole } from './createRole.ts';
import type { Draft } from './draft.ts';

interface RoleItem extends QuickPickItem {
  readonly action?: 'create' | 'enter';
  readonly arn?: string;
}

/**
 * Asks which role the job runs as: one that trusts S3 Batch Operations, a new one, or any ARN. What
 * the role lacks is said before it is accepted.
 *
 * @throws BrigadeError `Cancelled`, BackPressed
 */
export async function askForRole(
  position: PromptPosition,
  session: Session,
  documents: Documents,
  draft: Draft,
): Promise<string> {
  for (;;) {
    const chosen = await pick({
      ...position,
      placeholder: question(draft),
      items: signal => roleItems(session, draft.roleArn, signal),
      active: item => item.arn !== undefined && item.arn === draft.roleArn,
      itemFor: typed => (isRoleArn(typed) ? { label: typed, arn: typed } : undefined),
    });
    try {
      const arn = await resolve(
        chosen,
        { ...position, canGoBack: true },
        session,
        documents,
        draft,
      );
      if (arn !== undefined) return arn;
    } catch (error) {
      if (error instanceof BackPressed) continue;
      // What cannot be made or checked loses none of the answers: another role may do.
      if (!(error instanceof BrigadeError) || isCancelled(error)) throw error;
      void showError(error, { doing: 'choosing a role' });
    }
  }
}

function question({ operation }: Draft): string {
  return operation?.name === 'LambdaInvoke'
    ? l10n.t('The role that S3 Batch Operations takes on to invoke the function')
    : l10n.t('The role that S3 Batch Operations takes on to tag the objects');
}

/** The ARN of what was chosen; undefined to choose once more. */
async function resolve(
  { action, arn }: RoleItem,
  position: PromptPosition,
  session: Session,
  documents: Documents,
  draft: Draft,
): Promise<string | undefined> {
  if (action === 'create') return await createRole(position, session, documents, draft);
  const chosen = action === 'enter' ? await askArn(position, draft.roleArn) : arn;
  return chosen === undefined ? undefined : await checkedRole(position, session, chosen, draft);
}

/** @param before a role chosen before, which need not be among those that can be listed. */
async function roleItems(
  { clients }: Session,
  before: string | undefined,
  signal: AbortSignal,
): Promise<RoleItem[]> {
  const { listBatchRoles } = await import('../../aws/roles.ts');
  const own: RoleItem[] = [
    { label: l10n.t('Other'), kind: QuickPickItemKind.Separator },
    {
      label: l10n.t('Create Role…'),
      description: l10n.t('with the least permissions this job needs'),
      iconPath: new ThemeIcon('add'),
      action: 'create',
    },
    {
      label: l10n.t('Enter Role ARN…'),
      iconPath: new ThemeIcon('edit'),
      action: 'enter',
    },
  ];
  try {
    const roles = await listBatchRoles(clients, { signal });
    const listed = before === undefined || roles.some(({ arn }) => arn === before);
    return [...(listed ? [] : [arnItem(before)]), ...roles.map(roleItem), ...own];
  } catch (error) {
    // Who may not list roles may still pass one on.
    if (!(error instanceof BrigadeError) || error.code !== 'AccessDenied') throw error;
    const label = l10n.t('Roles cannot be listed');
    const denied = { label, detail: describeError(error), iconPath: new ThemeIcon('lock') };
    return [...(before === undefined ? [] : [arnItem(before)]), denied, ...own];
  }
}

function arnItem(arn: string): RoleItem {
  return { label: roleName(arn), description: arn, iconPath: new ThemeIcon('shield'), arn };
}

function roleItem({ name, arn, description }: ServiceRole): RoleItem {
  return {
    label: name,
    description: arn,
    iconPath: new ThemeIcon('shield'),
    arn,
    ...(description !== undefined && { detail: description }),
  };
}

async function askArn(position: PromptPosition, value: string | undefined): Promise<string> {
  const arn = await askText({
    ...position,
    prompt: l10n.t('ARN of a role of this account that trusts S3 Batch Operations'),
    placeholder: 'arn:aws:iam::123456789012:role/name',
    ...(value !== undefined && { value }),
    validate: text =>
      isRoleArn(text.trim())
        ? undefined
        : l10n.t('For example: {0}', 'arn:aws:iam::123456789012:role/name'),
  });
  return arn.trim();
}
