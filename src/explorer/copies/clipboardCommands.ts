import { l10n } from 'vscode';
import type { CopySource } from '../../aws/copies/orders.ts';
import { BrigadeError } from '../../aws/errors.ts';
import type { CopyArguments, S3Location } from '../../commands.ts';
import type { Session } from '../../services.ts';
import { pastedAddress } from '../../vscode/describeAddress.ts';
import { askLocation, sessionFor, targetsOrAsk, type Explorer } from '../explorer.ts';
import type { CopyClipboard } from './clipboard.ts';
import { sourceOf } from './copySources.ts';
import { pasteInto } from './pasteInto.ts';

/** Puts what is selected on the clipboard, to be pasted as copies or, when it is cut, moved. */
export async function putOnClipboard(
  explorer: Explorer,
  clipboard: CopyClipboard,
  isCut: boolean,
  target: S3Location | undefined,
  selection: readonly S3Location[] | undefined,
): Promise<void> {
  const session = await sessionFor(explorer, target);
  const title = isCut ? l10n.t('Cut') : l10n.t('Copy');
  const chosen = await targetsOrAsk(target, selection, () =>
    askLocation(explorer, session, { title, kind: 'any' }),
  );
  const sources = chosen.map(sourceOf).filter(({ key }) => !isCut || key !== '');
  if (sources.length === 0) {
    throw new BrigadeError('InvalidInput', l10n.t('Buckets can’t be cut.'));
  }
  await clipboard.put(session, sources, isCut);
}

/** Copies or moves what is on the clipboard into a bucket or prefix. */
export async function paste(
  explorer: Explorer,
  clipboard: CopyClipboard,
  target: CopyArguments | undefined,
): Promise<void> {
  const session = await sessionFor(explorer, target);
  const { clip, text } = await clipboard.read();
  const sources = clip?.sources ?? sourcesOf(text, session);
  if (sources.length === 0) {
    const sentence = l10n.t('No objects are on the clipboard. Copy rows of this view, or S3 URIs.');
    throw new BrigadeError('InvalidInput', sentence);
  }
  const title = l10n.t('Paste');
  const place = target ?? (await askLocation(explorer, session, { title, kind: 'folder' }));
  const as = clip?.isCut ? 'move' : 'copy';
  const putting = { session, from: clip, sources, place, as, answers: target } as const;
  if ((await pasteInto(explorer, putting)) && clip?.isCut) clipboard.forgetCut();
}

/** What a text names, a line each: S3 URIs, ARNs or URLs; a slash at the end means a prefix. */
function sourcesOf(text: string, { clients }: Session): CopySource[] {
  const lines = text.split(/\r?\n/).filter(line => line.trim() !== '');
  const addresses = lines.map(line => pastedAddress(line, clients.endpoint));
  // A text of which only a part is meant is none.
  if (addresses.some(address => address === undefined)) return [];
  return addresses.flatMap(address => (address ? [sourceOf(address)] : []));
}
