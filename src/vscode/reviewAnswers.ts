import { l10n, QuickPickItemKind, ThemeIcon, type QuickPickItem } from 'vscode';
import { BackPressed, pick, type PromptPosition } from './prompts.ts';

/** An answer as it stands; choosing it changes it. */
export interface ReviewedAnswer {
  readonly label: string;
  readonly value: string;
  /** Asks again. Absent where it can't be changed here. */
  readonly change?: (position: PromptPosition) => Promise<unknown>;
}

/** What can be done with the answers. */
export interface ReviewAction<T> {
  readonly label: string;
  readonly description?: string;
  /** The id of a codicon. */
  readonly icon: string;
  readonly value: T;
}

export interface Review<T> {
  readonly position: PromptPosition;
  readonly placeholder: string;
  readonly actions: readonly ReviewAction<T>[];
  /** Asked for again after each change. */
  readonly answers: () => readonly ReviewedAnswer[];
}

type Item<T> = QuickPickItem & {
  readonly action?: ReviewAction<T>;
  readonly answer?: ReviewedAnswer;
};

/**
 * The last step of a wizard: shows all answers and lets each be changed, until an action is chosen.
 *
 * @throws BrigadeError `Cancelled` on Escape, BackPressed on Back
 */
export async function reviewAnswers<T>(review: Review<T>): Promise<T> {
  for (;;) {
    const { action, answer } = await pick<Item<T>>({
      ...review.position,
      placeholder: review.placeholder,
      items: itemsOf(review),
    });
    if (action) return action.value;
    try {
      await answer?.change?.({ ...review.position, canGoBack: true });
    } catch (error) {
      if (!(error instanceof BackPressed)) throw error;
    }
  }
}

function itemsOf<T>({ actions, answers }: Review<T>): Item<T>[] {
  return [
    ...actions.map(action => ({
      label: action.label,
      description: action.description,
      iconPath: new ThemeIcon(action.icon),
      action,
    })),
    { label: l10n.t('Select a setting to change'), kind: QuickPickItemKind.Separator },
    ...answers().map(answer => ({
      label: answer.label,
      description: answer.value,
      iconPath: new ThemeIcon(answer.change ? 'edit' : 'lock'),
      answer,
    })),
  ];
}
