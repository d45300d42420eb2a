import {
  Disposable,
  QuickInputButtons,
  window,
  type QuickInput,
  type QuickInputButton,
  type QuickPickItem,
} from 'vscode';
import { cancelled } from './cancellation.ts';
import { DisposableStore } from './disposables.ts';
import { makeVisible, visibleSentence } from './visibleText.ts';
import { neutralizeLinks } from './neutralizeLinks.ts';

/** Where a prompt stands in a series of questions. */
export interface PromptPosition {
  readonly title: string;
  readonly step?: number;
  readonly totalSteps?: number;
  readonly canGoBack?: boolean;
  /** Stays when something else takes the focus: for answers that are copied from elsewhere. */
  readonly keepOpen?: boolean;
}

export interface PickOptions<T extends QuickPickItem> extends PromptPosition {
  readonly placeholder: string;
  /**
   * A function reads them under the busy bar; its signal is aborted when the prompt is closed. If it
   * fails, the prompt closes and throws that.
   */
  readonly items: readonly T[] | ((signal: AbortSignal) => Promise<readonly T[]>);
  /**
   * The same items, in the same order, with what takes longer to read than a person should wait for;
   * nothing where that isn't known. They are shown when they come, unless the prompt was closed.
   */
  readonly later?: () => Promise<readonly T[] | undefined>;
  readonly active?: (item: T) => boolean;
  readonly matchOnDescription?: boolean;
  /** Makes items of what was typed and is on no list (a Region, an ARN …). */
  readonly itemFor?: (typed: string) => T | readonly T[] | undefined;
}

export interface TextOptions extends PromptPosition {
  readonly prompt: string;
  readonly value?: string;
  readonly placeholder?: string;
  /** What is wrong with the text, or undefined. */
  readonly validate?: (text: string) => string | undefined;
  /** The same for what takes a request to tell: asked once the text is accepted. */
  readonly check?: (text: string, signal: AbortSignal) => Promise<string | undefined>;
  /** Which part of `value` is selected; all of it by default. */
  readonly selection?: readonly [number, number];
}

/** Thrown by a prompt when its Back button is pressed; `runSteps` catches it. */
export class BackPressed extends Error {
  override readonly name = 'BackPressed';
}

/**
 * Asks for one of several items.
 *
 * @throws BrigadeError `Cancelled` on Escape, BackPressed on Back.
 */
export async function pick<T extends QuickPickItem>(options: PickOptions<T>): Promise<T> {
  const input = window.createQuickPick<T>();
  input.placeholder = visibleSentence(options.placeholder);
  input.matchOnDescription = options.matchOnDescription ?? true;
  input.matchOnDetail = true;
  const closed = new AbortController();
  try {
    return await ask(input, options, (resolve, reject) => {
      fill(input, options, closed.signal).catch(reject);
      return input.onDidAccept(() => {
        const chosen = input.selectedItems[0];
        if (chosen) resolve(chosen);
      });
    });
  } finally {
    closed.abort();
  }
}

export interface PickManyOptions<T extends QuickPickItem> extends PromptPosition {
  readonly placeholder: string;
  readonly items: readonly T[];
  readonly picked: (item: T) => boolean;
}

/**
 * Asks for one or more of several items; it is only accepted once there is one.
 *
 * @throws BrigadeError `Cancelled` on Escape, BackPressed on Back.
 */
export async function pickMany<T extends QuickPickItem>(
  options: PickManyOptions<T>,
): Promise<readonly T[]> {
  const input = window.createQuickPick<T>();
  input.canSelectMany = true;
  input.placeholder = options.placeholder;
  input.matchOnDescription = true;
  input.items = options.items.map(makeVisible);
  input.selectedItems = options.items.filter(options.picked);
  return await ask(input, options, resolve =>
    input.onDidAccept(() => {
      if (input.selectedItems.length > 0) resolve(input.selectedItems);
    }),
  );
}

async function fill<T extends QuickPickItem>(
  input: ReturnType<typeof window.createQuickPick<T>>,
  { items, later, itemFor, active }: PickOptions<T>,
  signal: AbortSignal,
): Promise<void> {
  let listed: readonly T[] = [];
  const show = (): void => {
    const typed = input.value.trim();
    const own = typed === '' ? undefined : itemFor?.(typed);
    // After what is on the list: Enter takes what the typed text finds there first.
    input.items = listed.concat(own ?? []).map(makeVisible);
  };
  // Whoever types while the list is read, or pastes, need not wait for it.
  if (itemFor) input.onDidChangeValue(show);
  if (typeof items === 'function') {
    input.busy = true;
    listed = await items(signal);
    input.busy = false;
  } else {
    listed = items;
  }
  show();
  const first = active && input.value === '' ? listed.find(active) : undefined;
  if (first) input.activeItems = [first];
  if (!later) return;
  input.busy = true;
  const complete = await later().catch(() => undefined);
  if (signal.aborted) return;
  input.busy = false;
  if (!complete) return;
  listed = complete;
  showInPlace(input, show);
}

/** Keeps what is active and in sight while other items of the same kind are shown. */
function showInPlace<T extends QuickPickItem>(
  input: ReturnType<typeof window.createQuickPick<T>>,
  show: () => void,
): void {
  const at = input.items.indexOf(input.activeItems[0] as T);
  input.keepScrollPosition = true;
  show();
  const active = input.items[at];
  if (active) input.activeItems = [active];
}

/**
 * Asks for a line of text; it is only accepted once `validate` finds nothing wrong.
 *
 * @throws BrigadeError `Cancelled` on Escape, BackPressed on Back.
 */
export async function askText(options: TextOptions): Promise<string> {
  const input = window.createInputBox();
  input.prompt = neutralizeLinks(options.prompt);
  input.value = options.value ?? '';
  input.placeholder = options.placeholder;
  input.valueSelection = options.selection;
  const check = (text: string): string | undefined => options.validate?.(text);
  const closed = new AbortController();
  try {
    return await ask(input, options, (resolve, reject) =>
      Disposable.from(
        input.onDidChangeValue(text => (input.validationMessage = check(text))),
        input.onDidAccept(() => {
          input.validationMessage = check(input.value);
          if (input.validationMessage !== undefined) return;
          accept(input, options, closed.signal).then(text => {
            if (text !== undefined) resolve(text);
          }, reject);
        }),
      ),
    );
  } finally {
    closed.abort();
  }
}

/** @returns what was typed; undefined where something is wrong with it, or it was changed meanwhile */
async function accept(
  input: ReturnType<typeof window.createInputBox>,
  { check }: TextOptions,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { value } = input;
  if (!check) return value;
  input.busy = true;
  const problem = await check(value, signal).finally(() => (input.busy = false));
  if (signal.aborted || input.value !== value) return undefined;
  input.validationMessage = problem;
  return problem === undefined ? value : undefined;
}

async function ask<T>(
  input: QuickInput & {
    buttons: readonly QuickInputButton[];
    onDidTriggerButton: (listener: (button: QuickInputButton) => unknown) => Disposable;
  },
  position: PromptPosition,
  listen: (resolve: (answer: T) => void, reject: (error: unknown) => void) => Disposable,
): Promise<T> {
  using listeners = new DisposableStore();
  listeners.add(input);
  input.title = visibleSentence(position.title);
  input.step = position.step;
  input.totalSteps = position.totalSteps;
  input.ignoreFocusOut = position.keepOpen ?? false;
  if (position.canGoBack) input.buttons = [QuickInputButtons.Back];
  return await new Promise<T>((resolve, reject) => {
    listeners.add(input.onDidHide(() => reject(cancelled())));
    listeners.add(input.onDidTriggerButton(() => reject(new BackPressed())));
    listeners.add(listen(resolve, reject));
    input.show();
  });
}

/**
 * One question of a series. It keeps its answer itself and says `skipped` when it had nothing to
 * ask, so that Back passes it by.
 */
export type Step = (position: Omit<PromptPosition, 'title'>) => Promise<'skipped' | undefined>;

/**
 * Asks one question after the other, with a Back button from the second on.
 *
 * @param first Where to begin: what comes before has its answers, and Back leads there.
 * @throws BrigadeError `Cancelled` when a question is dismissed.
 */
export async function runSteps(steps: readonly Step[], first = 0): Promise<void> {
  const asked = [...steps.keys()].slice(0, first);
  for (let at = first; at < steps.length;) {
    const step = steps[at];
    if (!step) break;
    try {
      const position = { step: at + 1, totalSteps: steps.length, canGoBack: asked.length > 0 };
      if ((await step(position)) !== 'skipped') asked.push(at);
      at++;
    } catch (error) {
      if (!(error instanceof BackPressed)) throw error;
      at = asked.pop() ?? 0;
    }
  }
}
