import { l10n, QuickPickItemKind } from 'vscode';
import { isRoleArn, isRoleName } from '../aws/roles/roleNames.ts';
import { LAMBDA_SERVICE } from '../aws/roles/functionRolePolicy.ts';
import type { Session } from '../services.ts';
import { askText, BackPressed, pick, type PromptPosition } from '../vscode/prompts.ts';
import {
  askRoleArn,
  createRoleItem,
  enterRoleItem,
  serviceRoleItems,
  type RoleItem,
} from '../vscode/roleItems.ts';

/** A new role by its name, or one that there is. */
export type RoleChoice = { readonly name: string } | { readonly arn: string };

export interface RoleQuestion {
  readonly before?: RoleChoice | undefined;
  /** A name for a new role; none is offered without it. */
  readonly newRole?: string;
  /** What it will be allowed; by default the least that the resize function needs. */
  readonly newRoleMay?: string;
}

/**
 * Asks for the execution role of a function: a new one, one that trusts AWS Lambda, or any ARN.
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
      placeholder: l10n.t('Execution role of the function'),
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
  { newRole, newRoleMay }: RoleQuestion,
  before: string | undefined,
  signal: AbortSignal,
): Promise<RoleItem[]> {
  const roles = await serviceRoleItems(clients, LAMBDA_SERVICE, before, signal);
  const least = l10n.t('with the least permissions this function needs');
  const create = newRole === undefined ? [] : [createRoleItem(newRoleMay ?? least)];
  const existing = [
    {
      label: l10n.t('Select a role that AWS Lambda can assume'),
      kind: QuickPickItemKind.Separator,
    },
    ...roles,
    enterRoleItem(),
  ];
  // The first is what Enter takes: never a new role that may not do what the code needs.
  return newRoleMay === undefined ? [...create, ...existing] : [...existing, ...create];
}

async function askName(position: PromptPosition, question: RoleQuestion): Promise<string> {
  const { before, newRole = '' } = question;
  return await askText({
    ...position,
    prompt: l10n.t('Name of the new role'),
    value: before && 'name' in before ? before.name : newRole,
    validate: text =>
      isRoleName(text) ? undefined : l10n.t('Use 1 to 64 letters, digits and _ + = , . @ -'),
  });
}

async function askArn(position: PromptPosition, value: string | undefined): Promise<string> {
  const prompt = l10n.t('ARN of a role of this account that trusts AWS Lambda');
  return await askRoleArn(position, prompt, value);
}
