import { l10n, ThemeIcon, type QuickPickItem } from 'vscode';
import type { AwsClients } from '../aws/clients.ts';
import { BrigadeError } from '../aws/errors.ts';
import { isRoleArn, roleName } from '../aws/roles/roleNames.ts';
import { describeError } from './describeError.ts';
import { askText, type PromptPosition } from './prompts.ts';

/** A role to choose, or what leads to one. */
export interface RoleItem extends QuickPickItem {
  readonly action?: 'create' | 'enter';
  readonly arn?: string;
}

/**
 * The roles that a service may assume. A caller who may not list roles may still pass one on, and
 * is told why there are none.
 *
 * @param service as trust policies name it: `lambda.amazonaws.com`
 * @param before a role chosen before, which need not be among those that can be listed
 */
export async function serviceRoleItems(
  clients: AwsClients,
  service: string,
  before: string | undefined,
  signal: AbortSignal,
): Promise<RoleItem[]> {
  const { listServiceRoles } = await import('../aws/roles/roles.ts');
  try {
    const roles = await listServiceRoles(clients, service, { signal });
    const listed = before === undefined || roles.some(({ arn }) => arn === before);
    return [
      ...(listed ? [] : [arnItem(before)]),
      ...roles.map(({ arn, description }) => ({
        ...arnItem(arn),
        ...(description !== undefined && { detail: description }),
      })),
    ];
  } catch (error) {
    if (!(error instanceof BrigadeError) || error.code !== 'AccessDenied') throw error;
    const label = l10n.t('Roles can’t be listed');
    const denied = { label, detail: describeError(error), iconPath: new ThemeIcon('lock') };
    return [...(before === undefined ? [] : [arnItem(before)]), denied];
  }
}

function arnItem(arn: string): RoleItem {
  return { label: roleName(arn), description: arn, iconPath: new ThemeIcon('shield'), arn };
}

/** @param description what the new role will be allowed */
export function createRoleItem(description: string): RoleItem {
  const label = l10n.t('Create Role…');
  return { label, description, iconPath: new ThemeIcon('add'), action: 'create' };
}

export function enterRoleItem(): RoleItem {
  return { label: l10n.t('Enter Role ARN…'), iconPath: new ThemeIcon('edit'), action: 'enter' };
}

/** Asks for the ARN of a role. @throws BrigadeError `Cancelled`, BackPressed */
export async function askRoleArn(
  position: PromptPosition,
  prompt: string,
  value: string | undefined,
): Promise<string> {
  const example = 'arn:aws:iam::123456789012:role/name';
  const arn = await askText({
    ...position,
    prompt,
    placeholder: example,
    ...(value !== undefined && { value }),
    validate: text => (isRoleArn(text.trim()) ? undefined : l10n.t('For example: {0}', example)),
  });
  return arn.trim();
}
