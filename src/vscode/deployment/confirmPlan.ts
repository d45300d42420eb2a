import { l10n, ThemeIcon, type QuickPickItem } from 'vscode';
import { cancelled } from '../cancellation.ts';
import { pick, type PromptPosition } from '../prompts.ts';

export interface PlanChoice {
  /** What is asked, naming what will happen. */
  readonly placeholder: string;
  /** What the choice to continue says; there is none when the plan cannot be applied. */
  readonly apply?: string;
  readonly counts: string;
  /** What Enter takes is then Cancel. */
  readonly isDestructive?: boolean;
}

/**
 * Asks whether to continue, above the document of the plan, which can be read and scrolled
 * meanwhile.
 *
 * @throws BrigadeError `Cancelled`, BackPressed to change the answers
 */
export async function confirmPlan(position: PromptPosition, choice: PlanChoice): Promise<void> {
  const apply: QuickPickItem = {
    label: choice.apply ?? '',
    description: choice.counts,
    iconPath: new ThemeIcon('check'),
  };
  const cancel: QuickPickItem = {
    label: l10n.t('Cancel'),
    description: l10n.t('nothing is changed'),
    iconPath: new ThemeIcon('close'),
  };
  const both = choice.isDestructive === true ? [cancel, apply] : [apply, cancel];
  const chosen = await pick({
    ...position,
    placeholder: choice.placeholder,
    items: choice.apply === undefined ? [cancel] : both,
    keepOpen: true,
  });
  if (chosen !== apply) throw cancelled();
}
