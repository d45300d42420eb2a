import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';

/** Does what a key does in a quick input, which needs a moment to show. */
export async function press(
  key: 'accept' | 'back' | 'escape' | 'next' | 'previous',
): Promise<void> {
  await sleep(500);
  const command = {
    accept: 'workbench.action.acceptSelectedQuickOpenItem',
    back: 'workbench.action.quickInputBack',
    escape: 'workbench.action.closeQuickOpen',
    next: 'workbench.action.quickOpenSelectNext',
    previous: 'workbench.action.quickOpenSelectPrevious',
  }[key];
  await vscode.commands.executeCommand(command);
}
