import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import { eventually } from './eventually.ts';

type Input = ReturnType<typeof vscode.window.createQuickPick | typeof vscode.window.createInputBox>;

/** The question that is shown. */
let shown: Input | undefined;
/** What of it was pressed: until something else is asked, or something is found wrong, it is over. */
let answered: Input | undefined;

/**
 * VS Code tells nobody of the questions that it shows. Those of the extension and of the tests have one
 * class, while the modules named `vscode` that make them may be two, as in VS Code 1.103.
 */
function watchQuestions(): void {
  const sample = vscode.window.createQuickPick();
  let shared = Object.getPrototypeOf(sample) as object;
  while (!Object.hasOwn(shared, 'show')) shared = Object.getPrototypeOf(shared) as object;
  sample.dispose();
  const show = Reflect.get(shared, 'show') as (this: Input) => void;
  Object.assign(shared, {
    show(this: Input): void {
      noteShown(this);
      show.call(this);
    },
  });
}

const known = new WeakSet<Input>();

function noteShown(input: Input): void {
  shown = input;
  // What opens late takes the focus, and a question that loses it closes.
  input.ignoreFocusOut = true;
  if (known.has(input)) return;
  known.add(input);
  input.onDidHide(() => {
    if (shown === input) shown = undefined;
  });
}

watchQuestions();

const COMMANDS = {
  accept: 'workbench.action.acceptSelectedQuickOpenItem',
  back: 'workbench.action.quickInputBack',
  escape: 'workbench.action.closeQuickOpen',
  next: 'workbench.action.quickOpenSelectNext',
  previous: 'workbench.action.quickOpenSelectPrevious',
} as const;

/** Does what a key does in the quick input that is asked next, once it is shown and has what it lists. */
export async function press(key: keyof typeof COMMANDS): Promise<void> {
  const isLeft = key === 'escape' || key === 'back';
  await eventually(() => {
    assert.ok(shown, `nothing is asked: ${key}`);
    assert.ok(shown !== answered || isRefused(shown), `nothing else is asked: ${key}`);
    assert.ok(isLeft || isReady(shown), `not ready: ${key}`);
  });
  answered = key === 'next' || key === 'previous' ? undefined : shown;
  // What was just set is sent to the window in the next turn of the event loop.
  await sleep(20);
  await vscode.commands.executeCommand(COMMANDS[key]);
}

function isReady(input: Input): boolean {
  return !input.busy && (!('items' in input) || input.items.length > 0);
}

function isRefused(input: Input): boolean {
  return 'validationMessage' in input && input.validationMessage !== undefined;
}
