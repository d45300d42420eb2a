import { l10n, ThemeIcon, type QuickPickItem } from 'vscode';
import type { AwsClients } from '../aws/clients.ts';
import { BrigadeError } from '../aws/errors.ts';
import { isFunctionArn, isFunctionName } from '../aws/functionArn.ts';
import type { LambdaFunction } from '../aws/functions/functions.ts';
import { describeError } from './describeError.ts';
import { pick, type PromptPosition } from './prompts.ts';
import { visibleLabel } from './visibleText.ts';

/** A function to choose, or why there is none. */
export interface FunctionItem extends QuickPickItem {
  /** Its name or ARN. */
  readonly chosen?: string;
}

/** A function as it is listed. */
export function functionItem({
  name,
  arn,
  runtime,
  description,
}: Pick<LambdaFunction, 'name' | 'arn' | 'runtime' | 'description'>): FunctionItem {
  return {
    label: name,
    description: runtime,
    iconPath: new ThemeIcon('symbol-function'),
    ...(description !== '' && { detail: visibleLabel(description) }),
    chosen: arn,
  };
}

/**
 * The functions of a Region. A caller who may not list functions may still name one, and is told
 * why there are none.
 */
export async function functionItems(
  clients: AwsClients,
  region: string,
  signal: AbortSignal,
): Promise<FunctionItem[]> {
  const { listFunctions } = await import('../aws/functions/functions.ts');
  try {
    const functions = await listFunctions(clients, { region }, { signal });
    return functions.length > 0
      ? functions.map(functionItem)
      : [{ label: l10n.t('No functions in {0}', region) }];
  } catch (error) {
    if (!(error instanceof BrigadeError) || error.code !== 'AccessDenied') throw error;
    const label = l10n.t('Functions can’t be listed');
    return [{ label, detail: describeError(error), iconPath: new ThemeIcon('lock') }];
  }
}

export interface FunctionQuestion {
  readonly placeholder: string;
  readonly region: string;
  /** Names of functions that are not offered. */
  readonly except?: readonly string[];
}

/**
 * Asks for a function of a Region; one that is not listed can be typed.
 *
 * @returns its name or ARN
 * @throws BrigadeError `Cancelled`, BackPressed
 */
export async function pickFunction(
  position: PromptPosition,
  clients: AwsClients,
  { placeholder, region, except = [] }: FunctionQuestion,
): Promise<string> {
  for (;;) {
    const { chosen } = await pick<FunctionItem>({
      ...position,
      placeholder,
      items: async signal => {
        const items = await functionItems(clients, region, signal);
        return items.filter(({ label }) => !except.includes(label));
      },
      itemFor: typedItem,
    });
    if (chosen !== undefined) return chosen;
  }
}

function typedItem(typed: string): FunctionItem | undefined {
  return isFunctionName(typed) || isFunctionArn(typed)
    ? { label: typed, chosen: typed }
    : undefined;
}
