import type { CommandId, Commands } from '../commands.ts';
import type { Connections, Session } from '../services.ts';
import { runAndShow } from '../vscode/registerCommand.ts';
import { runCommandFor } from '../vscode/runCommand.ts';
import { ownerOf, sessionOf } from '../vscode/sessionOwner.ts';

/**
 * Runs a command about what a session has shown: in a message or on a page that may be older than the
 * connection of now. It is done for that session's account, or not at all, which is said with a way back.
 *
 * @returns as runCommand
 */
export async function runFor<Id extends CommandId>(
  { connections }: { readonly connections: Connections },
  session: Session,
  id: Id,
  ...args: Commands[Id]
): Promise<unknown> {
  return await runAndShow(id, async () => {
    await sessionOf(connections, ownerOf(session));
    return await runCommandFor(session, id, ...args);
  });
}
