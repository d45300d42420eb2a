import { l10n } from 'vscode';
import { DEFAULT_PRIORITY, isPriority, MAX_PRIORITY } from '../aws/batchJobs/jobRules.ts';
import { askText, type PromptPosition } from '../vscode/prompts.ts';

/** Asks for a job's priority, a whole number; higher runs first. */
export async function askForPriority(
  position: PromptPosition,
  value = DEFAULT_PRIORITY,
): Promise<number> {
  const text = await askText({
    ...position,
    prompt: l10n.t('Priority: in this Region, jobs with a higher number run first'),
    value: String(value),
    validate: typed =>
      isTypedPriority(typed) ? undefined : l10n.t('A whole number from 0 to {0}.', MAX_PRIORITY),
  });
  return Number(text);
}

function isTypedPriority(text: string): boolean {
  return /^\s*\d+\s*$/.test(text) && isPriority(Number(text));
}
