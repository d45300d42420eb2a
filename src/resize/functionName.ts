import { l10n } from 'vscode';
import { isFunctionName } from '../aws/functionArn.ts';
import { askText, type PromptPosition } from '../vscode/prompts.ts';

/**
 * @param problem why the name that was typed before can't be used
 * @throws BrigadeError `Cancelled`, BackPressed
 */
export async function askFunctionName(
  position: PromptPosition,
  value: string,
  problem?: string,
): Promise<string> {
  return await askText({
    ...position,
    prompt: problem ?? l10n.t('Name of the Lambda function'),
    value,
    validate: name =>
      isFunctionName(name)
        ? undefined
        : l10n.t('Use 1 to 64 letters, digits, hyphens and underscores.'),
  });
}
