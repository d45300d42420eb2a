import { extensions, l10n, window } from 'vscode';
import { BrigadeError } from '../aws/errors.ts';
import { formatS3Uri } from '../aws/s3Uri.ts';
import { IMMEDIATE_COMMANDS, COMMAND_ARGUMENTS } from './commandArguments.ts';
import type { CommandId, HandlerArguments, NotificationTarget, S3Location } from '../commands.ts';
import { cancelled } from './cancellation.ts';
import { withoutKey } from './pressedKey.ts';
import { shownRow } from './shownRows.ts';
import { visible } from './visibleText.ts';

/**
 * What a command's handler gets of what VS Code, a keybinding or another extension called it with:
 * what fits, or nothing, and then it asks. What acts at once asks here where no row was clicked.
 *
 * @throws BrigadeError `InvalidInput` for what fits no command, `Cancelled`
 */
export async function publicArguments<Id extends CommandId>(
  id: Id,
  passed: readonly unknown[],
): Promise<HandlerArguments<Id>> {
  const given = await withoutKey(passed);
  const read = readArguments(id, given);
  const [target] = read;
  if (IMMEDIATE_COMMANDS.has(id) && target !== undefined && !shownRow(given[0])) {
    await confirmCall(id, target);
  }
  // What anyone may pass is a part of what handlers take.
  return read as unknown as HandlerArguments<Id>;
}

function readArguments(id: CommandId, given: readonly unknown[]): readonly unknown[] {
  try {
    return COMMAND_ARGUMENTS[id](given);
  } catch (error) {
    if (!(error instanceof BrigadeError)) throw error;
    throw new BrigadeError('InvalidInput', error.message, { subject: titleOf(id) });
  }
}

async function confirmCall(id: CommandId, target: unknown): Promise<void> {
  const title = titleOf(id);
  const answer = await window.showWarningMessage(
    l10n.t('{0}: {1}?', title, describeTarget(target)),
    {
      modal: true,
      detail: l10n.t('A keybinding, a link or another extension requested this, not a view.'),
    },
    title,
  );
  if (answer !== title) throw cancelled();
}

function describeTarget(target: unknown): string {
  const { bucket, key, notificationId, notificationIds } = target as Partial<
    S3Location & NotificationTarget
  >;
  const place = formatS3Uri({ bucket: bucket ?? '', ...(key !== undefined && { key }) });
  const ids = notificationIds ?? (notificationId === undefined ? [] : [notificationId]);
  return visible([place, ...ids].join(' '));
}

/** A command's title as menus have it, in the user's language, without the dots of a question. */
function titleOf(id: CommandId): string {
  const ours = extensions.getExtension('bucket-brigade.bucket-brigade');
  const { contributes } = (ours?.packageJSON ?? {}) as {
    contributes?: { commands?: readonly { command: string; title: string }[] };
  };
  const found = contributes?.commands?.find(({ command }) => command === id);
  return found?.title.replace(/…$/, '') ?? id;
}
