import { l10n } from 'vscode';
import { BrigadeError } from '../../aws/errors.ts';
import { isCopyIntoItself, type CopySource } from '../../aws/copies/orders.ts';
import { lastSegment, parentOf } from '../../aws/keySegments.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import type { CopyArguments, S3Location } from '../../commands.ts';
import type { Session } from '../../services.ts';
import { askText } from '../../vscode/prompts.ts';
import { runCommandFor } from '../../vscode/runCommand.ts';
import { visible } from '../../vscode/visibleText.ts';
import { objectOrAsk, sessionFor, targetsOrAsk, type Explorer } from '../explorer.ts';
import { duplicateOrders } from './duplicateOrders.ts';
import { copyOrMove } from './copyFlow.ts';
import { sourceOf } from './copySources.ts';
import { keyOfName, nameProblem, type TypedName } from './nameProblem.ts';
import { selectedStem, initialName } from './initialName.ts';

/** Copies objects and prefixes beside themselves: one under a name that is asked for. */
export async function duplicate(
  explorer: Explorer,
  target: CopyArguments | undefined,
  selection: readonly S3Location[] | undefined,
): Promise<void> {
  const session = await sessionFor(explorer, target);
  const title = l10n.t('Duplicate');
  const chosen = await targetsOrAsk(target, selection, () =>
    objectOrAsk(explorer, session, undefined, title),
  );
  const sources = chosen.map(sourceOf).filter(({ key }) => key !== '');
  const [first] = sources;
  if (!first) throw new BrigadeError('InvalidInput', l10n.t('A bucket can’t be duplicated.'));
  if (sources.length > 1) {
    await duplicateAll(explorer, session, sources);
    return;
  }
  const { bucket } = first;
  const [free] = await duplicateOrders(session, [first]);
  const name = target?.name ?? (await askCopyName(first, free?.to ?? first.key));
  const typed = { parent: parentOf(first.key), name, isPrefix: first.isPrefix };
  const problem = problemOf(typed, first, bucket);
  if (problem !== undefined) throw new BrigadeError('InvalidInput', problem);
  const to = keyOfName(typed);
  // Of a single object, the name that was typed is agreement enough.
  const skipConfirmation = !first.isPrefix || target?.skipConfirmation;
  await copyOrMove(explorer, {
    ...{ session, orders: [{ ...first, to }], bucket, as: 'copy' },
    answers: { onConflict: target?.onConflict, skipConfirmation },
  });
  await runCommandFor(session, 'bucketBrigade.explorer.reveal', { bucket, key: to });
}

async function duplicateAll(
  explorer: Explorer,
  session: Session,
  sources: readonly CopySource[],
): Promise<void> {
  for (const [bucket, own] of Map.groupBy(sources, source => source.bucket)) {
    const orders = await duplicateOrders(session, own);
    await copyOrMove(explorer, { session, orders, bucket, as: 'copy' });
  }
}

async function askCopyName(source: CopySource, free: string): Promise<string> {
  const { isPrefix, bucket } = source;
  const parent = parentOf(free);
  const segment = lastSegment(free);
  const value = initialName(isPrefix ? segment.slice(0, -1) : segment);
  const typed = (name: string): TypedName => ({ parent, name, isPrefix });
  return await askText({
    title: l10n.t('Duplicate {0}', visible(formatS3Uri(source))),
    prompt: l10n.t('The name of the copy'),
    ...{ value, selection: selectedStem(value, isPrefix) },
    validate: text => problemOf(typed(text), source, bucket),
  });
}

/** Why something can't be copied to a name beside it, in a sentence. */
function problemOf(typed: TypedName, source: CopySource, bucket: string): string | undefined {
  const to = keyOfName(typed);
  if (to === source.key) return l10n.t('Enter a different name for the copy.');
  if (isCopyIntoItself({ ...source, to }, bucket))
    return l10n.t('A prefix can’t be copied into itself.');
  return nameProblem(typed);
}
