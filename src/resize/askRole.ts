import { l10n, QuickPickItemKind, ThemeIcon, type QuickPickItem } from 'vscode';
import { BrigadeError } from '../aws/errors.ts';
import { isRoleArn, isRoleName, roleName } from '../aws/jobRules.ts';
import type { ServiceRole } from '../aws/roleChanges.ts';
import type { Session } from '../services.ts';
import { describeError } from '../vscode/describeError.ts';
import { askText, BackPressed, pick, type PromptPosition } from '../vscode/prompts.ts';

/** A new role by its name, or one that there is. */
export type RoleChoice = { readonly name: string } | { readonly arn: string };

interface RoleItem extends QuickPickItem {
  readonly action?: 'create' | 'enter';
  readonly arn?: string;
}

export interface RoleQuestion {
  readonly before?: RoleChoice | undefined;
  /** A name for a new role; none is offered without it. */
  readonly newRole?: string;
}

const EXAMPLE = 'arn:aws:iam::123456789012:role/name';

/**
 * Asks for the role that a function takes on: a new one, one that trusts AWS Lambda, or any ARN.
 *
 * @throws BrigadeError `Cancelled`, BackPressed
 */
export async function askForRole(
  position: PromptPosition,
  session: Session,
  question: RoleQuestion,
): Promise<RoleChoice> {
  const before = question.before && 'arn' in question.before ? question.before.arn : undefined;
  for (;;) {
    const { action, arn } = await pick<RoleItem>({
      ...position,
      placeholder: l10n.t('The role that the function takes on to read and write objects'),
      items: signal => roleItems(session, question, before, signal),
      active: item => item.arn !== undefined && item.arn === before,
      itemFor: typed => (isRoleArn(typed) ? { label: typed, arn: typed } : undefined),
    });
    try {
      if (arn !== undefined) return { arn };
      const next = { ...position, canGoBack: true };
      if (action === 'create') return { name: await askName(next, question) };
      if (action === 'enter') return { arn: await askArn(next, before) };
    } catch (error) {
      if (!(error instanceof BackPressed)) throw error;
    }
  }
}

async function roleItems(
  { clients }: Session,
  { newRole }: RoleQuestion,
  before: string | undefined,
  signal: AbortSignal,
): Promise<RoleItem[]> {
  const { listServiceRoles } = await import('../aws/roles.ts');
  const create: RoleItem = {
    label: l10n.t('Create Role…'),
    description: l10n.t('with the least permissions this function needs'),
    iconPath: new ThemeIcon('add'),
    action: 'create',
  };
  const enter: RoleItem = {
    label: l10n.t('Enter Role ARN…'),
    iconPath: new ThemeIcon('edit'),
    action: 'enter',
  };
  const first = newRole === undefined ? [] : [create];
  const separator = {
    label: l10n.t('Roles that AWS Lambda may assume'),
    kind: QuickPickItemKind.Separator,
  };
  try {
    const roles = await listServiceRoles(clients, 'lambda.amazonaws.com', { signal });
    const listed = before === undefined || roles.some(({ arn }) => arn === before);
    const others = [...(listed ? [] : [arnItem(before)]), ...roles.map(roleItem)];
    return [...first, separator, ...others, enter];
  } catch (error) {
    // Who may not list roles may still pass one on.
    if (!(error instanceof BrigadeError) || error.code !== 'AccessDenied') throw error;
    const label = l10n.t('Roles cannot be listed');
    const denied = { label, detail: describeError(error), iconPath: new ThemeIcon('lock') };
    return [...first, ...(before === undefined ? [] : [arnItem(before)]), denied, enter];
  }
}

function arnItem(arn: string): RoleItem {
  return { label: roleName(arn), description: arn, iconPath: new ThemeIcon('shield'), arn };
}

function roleItem({ name, arn, description }: ServiceRole): RoleItem {
  return {
    ...arnItem(arn),
    label: name,
    ...(description !== undefined && { detail: description }),
  };
}

async function askName(position: PromptPosition, question: RoleQuestion): Promise<string> {
  const { before, newRole = '' } = question;
  return await askText({
    ...position,
    prompt: l10n.t('Name of the new role'),
    value: before && 'name' in before ? before.name : newRole,
    validate: text =>
      isRoleName(text)
        ? undefined
        : l10n.t('1 to 64 letters, digits and _ + = , . @ - are allowed.'),
  });
}

async function askArn(position: PromptPosition, value: string | undefined): Promise<string> {
  const arn = await askText({
    ...position,
    prompt: l10n.t('ARN of a role of this account that trusts AWS Lambda'),
    placeholder: EXAMPLE,
    ...(value !== undefined && { value }),
    validate: text => (isRoleArn(text.trim()) ? undefined : l10n.t('For example: {0}', EXAMPLE)),
  });
  return arn.trim();
}
