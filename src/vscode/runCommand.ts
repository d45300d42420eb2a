import { commands } from 'vscode';
import type { CommandId, Commands } from '../commands.ts';
import type { Session } from '../services.ts';

/**
 * Runs one of our own commands; wrong arguments do not compile. This is how features talk to each
 * other. It resolves when the command's handler is done, `undefined` where the handler failed (the
 * failure has then been shown).
 */
export async function runCommand<Id extends CommandId>(
  id: Id,
  ...args: Commands[Id]
): Promise<unknown> {
  return await commands.executeCommand(id, ...args);
}

/** The same for something of a session's account: its arguments say so, and it acts on no other. */
export async function runCommandFor<Id extends CommandId>(
  session: Session,
  id: Id,
  ...args: Commands[Id]
): Promise<unknown> {
  return await commands.executeCommand(id, ...args.map(arg => ownedBy(session, arg)));
}

/** An argument of a command, said to belong to a session's account. */
function ownedBy({ key }: Session, given: unknown): unknown {
  const isPlain = typeof given === 'object' && given !== null && !('scheme' in given);
  return isPlain && !Array.isArray(given) ? { ...given, session: key } : given;
}

/** The `command:` link for a MarkdownString that is trusted to run exactly this command. */
export function commandLink<Id extends CommandId>(id: Id, ...args: Commands[Id]): string {
  return args.length === 0
    ? `command:${id}`
    : `command:${id}?${encodeURIComponent(JSON.stringify(args))}`;
}
