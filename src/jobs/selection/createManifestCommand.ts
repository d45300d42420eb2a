import { l10n, ThemeIcon, Uri, type QuickPickItem } from 'vscode';
import { BrigadeError } from '../../aws/errors.ts';
import type { ObjectSelection } from '../../aws/selection/selection.ts';
import type { KeyFile, ObjectLocation, S3Location } from '../../commands.ts';
import type { Session } from '../../services.ts';
import { titleWithOwner } from '../../vscode/ownerLabel.ts';
import { BackPressed, pick, type PromptPosition } from '../../vscode/prompts.ts';
import type { Jobs } from '../jobs.ts';
import { showManifestWritten } from './showManifestWritten.ts';
import { askKeyFile } from './askKeyFile.ts';
import { askFiltered, askSelection } from './askSelection.ts';
import { selectionCountText } from '../../vscode/selection/countSelected.ts';
import { chooseManifestPlace } from './chooseManifestPlace.ts';
import { selectionOf } from '../../vscode/selection/selectedRows.ts';
import { selectionText } from '../../vscode/selection/selectionText.ts';
import { showSelection } from './showSelection.ts';
import { writeManifest } from './writeManifest.ts';

/**
 * Writes a manifest of what is selected, what a filter leaves of it, or the keys in a file.
 *
 * @returns where it is
 */
export async function createManifestCommand(
  jobs: Jobs,
  target: S3Location | KeyFile | undefined,
  selection: readonly (S3Location | KeyFile)[] = [],
): Promise<ObjectLocation> {
  const session = await jobs.connections.session();
  const position = { title: titleWithOwner(session, l10n.t('Create Manifest')), keepOpen: true };
  const given = selection.length > 0 ? selection : target ? [target] : [];
  let chosen = await selectionGiven(position, session, given);
  for (;;) {
    chosen ??= await askSelection(position, session, l10n.t('Select objects'));
    try {
      const to = await agree({ ...position, canGoBack: true }, jobs, session, chosen);
      const written = await writeManifest(jobs, session, to.selection, to.place);
      void showManifestWritten(jobs, session, written);
      return to.place;
    } catch (error) {
      if (!(error instanceof BackPressed)) throw error;
      chosen = undefined;
    }
  }
}

/**
 * What the command was called on.
 *
 * @throws BrigadeError `InvalidInput` for rows of several buckets, several files, or none on this computer
 */
async function selectionGiven(
  position: PromptPosition,
  session: Session,
  given: readonly (S3Location | KeyFile)[],
): Promise<ObjectSelection | undefined> {
  const [file, ...others] = given.filter(one => 'scheme' in one);
  if (file && (others.length > 0 || file.scheme !== 'file')) {
    throw new BrigadeError('InvalidInput', l10n.t('Select one file of keys on this computer.'));
  }
  if (file) return await askKeyFile(position, session, Uri.from(file));
  const selected = selectionOf(given.filter(one => 'bucket' in one));
  if (selected === 'severalBuckets') {
    const sentence = l10n.t(
      'A manifest lists the objects of one bucket. Select rows of one bucket only.',
    );
    throw new BrigadeError('InvalidInput', sentence);
  }
  return selected;
}

interface Agreed {
  readonly selection: ObjectSelection;
  readonly place: ObjectLocation;
}

/** Asks which of the objects are meant, shows what they come to, and asks where the manifest goes. */
async function agree(
  position: PromptPosition,
  { documents, context }: Jobs,
  session: Session,
  given: ObjectSelection,
): Promise<Agreed> {
  let selection = given;
  for (;;) {
    if (selection.kind === 'listing') {
      selection = await askFiltered(position, session, selection, withTags =>
        withTags
          ? l10n.t(
              'They are listed here, with one GetObjectTagging request each, and written to a manifest.',
            )
          : l10n.t('They are listed here and written to a manifest.'),
      );
    }
    try {
      const inside = { ...position, canGoBack: true };
      await agreeToSummary(inside, session, selection, documents);
      const bucket =
        selection.kind === 'objects' ? (selection.objects[0]?.bucket ?? '') : selection.bucket;
      const memory = context.workspaceState;
      return { selection, place: await chooseManifestPlace(inside, session, memory, bucket) };
    } catch (error) {
      if (!(error instanceof BackPressed) || selection.kind !== 'listing') throw error;
    }
  }
}

interface SummaryItem extends QuickPickItem {
  readonly choice: 'write' | 'show';
}

/** What the manifest will name; the whole, by prefix, can be read in a document. */
async function agreeToSummary(
  position: PromptPosition,
  session: Session,
  selection: ObjectSelection,
  documents: Jobs['documents'],
): Promise<void> {
  for (;;) {
    const { choice } = await pick<SummaryItem>({
      ...position,
      placeholder: l10n.t('Write a manifest of {0}?', selectionText(selection)),
      items: async signal => [
        {
          label: l10n.t('Write Manifest…'),
          description: (await selectionCountText(session, selection, signal)) ?? '',
          iconPath: new ThemeIcon('check'),
          choice: 'write' as const,
        },
        {
          label: l10n.t('Count All and Show by Prefix'),
          description: l10n.t('in an editor'),
          iconPath: new ThemeIcon('open-preview'),
          choice: 'show' as const,
        },
      ],
      active: item => item.choice === 'write',
    });
    if (choice === 'write') return;
    await showSelection(session, documents, selection);
  }
}
