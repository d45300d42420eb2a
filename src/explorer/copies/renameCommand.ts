import { l10n } from 'vscode';
import { BrigadeError } from '../../aws/errors.ts';
import { isCopyIntoItself } from '../../aws/copies/orders.ts';
import { lastSegment, parentOf } from '../../aws/keySegments.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import type { CopyArguments } from '../../commands.ts';
import { cancelled } from '../../vscode/cancellation.ts';
import { askText } from '../../vscode/prompts.ts';
import { runCommandFor } from '../../vscode/runCommand.ts';
import { visible } from '../../vscode/visibleText.ts';
import { objectOrAsk, sessionFor, type Explorer } from '../explorer.ts';
import { copyOrMove } from './copyFlow.ts';
import { sourceOf } from './copySources.ts';
import { keyOfName, nameProblem, type TypedName } from './nameProblem.ts';
import { selectedStem, initialName } from './initialName.ts';

/** Gives an object or a prefix another name: all of it is copied, verified, and then deleted. */
export async function rename(explorer: Explorer, target?: CopyArguments): Promise<void> {
  const session = await sessionFor(explorer, target);
  const title = l10n.t('Rename');
  const source = sourceOf(target ?? (await objectOrAsk(explorer, session, undefined, title)));
  const { bucket, key, isPrefix } = source;
  if (key === '') throw new BrigadeError('InvalidInput', l10n.t('A bucket can’t be renamed.'));
  const parent = parentOf(key);
  const old = lastSegment(key);
  const oldName = isPrefix ? old.slice(0, -1) : old;
  const name = target?.name ?? (await askName(oldName, { parent, isPrefix }, formatS3Uri(source)));
  const to = keyOfName({ parent, name, isPrefix });
  if (to === key) throw cancelled();
  const order = { ...source, to };
  const problem = problemOf({ parent, name, isPrefix }, isCopyIntoItself(order, bucket));
  if (problem !== undefined) throw new BrigadeError('InvalidInput', problem);
  await copyOrMove(explorer, { session, orders: [order], bucket, as: 'rename', answers: target });
  await runCommandFor(session, 'bucketBrigade.explorer.reveal', { bucket, key: to });
}

async function askName(
  oldName: string,
  typed: Omit<TypedName, 'name'>,
  uri: string,
): Promise<string> {
  const value = initialName(oldName);
  return await askText({
    title: l10n.t('Rename {0}', visible(uri)),
    prompt: typed.isPrefix
      ? l10n.t('The new name of the prefix. Everything under it is moved.')
      : l10n.t('The new name of the object. A slash moves it under another prefix.'),
    ...{ value, selection: selectedStem(value, typed.isPrefix) },
    validate: name => {
      if (name === oldName) return undefined;
      const isInner = typed.isPrefix && name.startsWith(`${oldName}/`);
      return problemOf({ ...typed, name }, isInner);
    },
  });
}

function problemOf(typed: TypedName, isInner: boolean): string | undefined {
  return isInner ? l10n.t('A prefix can’t be moved into itself.') : nameProblem(typed);
}
