import { setTimeout as sleep } from 'node:timers/promises';
import { commands } from 'vscode';
import { followedView, shownRow } from './shownRows.ts';

const ASK_AGAIN_MS = 40;
/** Milliseconds that a view must be quiet, and the longest to wait for that, to learn the focus … */
const FOCUS = { quietFor: 1000, atMost: 10_000 };
/** … and what is selected with it: rows of several prefixes do not come back at once. */
const SELECTION = { quietFor: 250, atMost: 500 };

/**
 * What a command was called with. A key of the keyboard passes the row with the focus and the id of
 * its view (`args` in package.json). While rows are read again VS Code knows none of those that it
 * shows: then this waits for them, and asks which has the focus.
 */
export async function withoutKey(given: readonly unknown[]): Promise<readonly unknown[]> {
  const [pressed] = given;
  if (!Array.isArray(pressed)) return given;
  const [row, viewId] = pressed as unknown[];
  const view = followedView(viewId);
  if (!view || !isRowOrNone(row)) return given;
  const began = performance.now();
  let focused = row;
  if (!shownRow(focused)) focused = await askFocused(String(viewId));
  for (;;) {
    const { quietFor, atMost } = shownRow(focused) ? SELECTION : FOCUS;
    if ((view.quietFor ?? Infinity) > quietFor || performance.now() - began > atMost) break;
    await sleep(ASK_AGAIN_MS);
    focused = await askFocused(String(viewId));
  }
  return shownRow(focused) ? [focused] : [];
}

function isRowOrNone(given: unknown): boolean {
  return given === undefined || given === null || shownRow(given) !== undefined;
}

let asked = 0;

/** The row with the focus: VS Code puts it in place of such an argument, on the way of a command. */
async function askFocused(viewId: string): Promise<unknown> {
  const command = `_bucketBrigade.focusedRow${++asked}`;
  let focused: unknown;
  const answering = commands.registerCommand(command, (row: unknown) => {
    focused = row;
  });
  const args = [{ $treeViewId: viewId, $focusedTreeItem: true }];
  try {
    await commands.executeCommand('runCommands', { commands: [{ command, args }] });
  } finally {
    answering.dispose();
  }
  return focused;
}
