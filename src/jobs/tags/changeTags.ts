import { randomUUID } from 'node:crypto';
import { l10n, window } from 'vscode';
import { BrigadeError } from '../../aws/errors.ts';
import type { ObjectSelection } from '../../aws/selection/selection.ts';
import type { TagPreview } from '../../aws/tagChanges/previewTags.ts';
import type { TagChange } from '../../aws/tagChanges/tagChange.ts';
import type { S3Location } from '../../commands.ts';
import type { Session } from '../../services.ts';
import { cancelled } from '../../vscode/cancellation.ts';
import { titleWithOwner } from '../../vscode/ownerLabel.ts';
import { BackPressed, type PromptPosition } from '../../vscode/prompts.ts';
import { visible } from '../../vscode/visibleText.ts';
import { formatObjects } from '../../vscode/formats.ts';
import type { Jobs } from '../jobs.ts';
import { askFiltered, askSelection } from '../selection/askSelection.ts';
import { selectionOf } from '../../vscode/selection/selectedRows.ts';
import { selectionText } from '../../vscode/selection/selectionText.ts';
import { askReportPlace, uriOf } from './askReportPlace.ts';
import { byJob } from './byJob.ts';
import { askTagChange } from './askChange.ts';
import { changeText } from './changeText.ts';
import { runPreview, runDirect } from './runDirect.ts';
import { showTagsWork } from './showTagsWork.ts';
import type { TagsWork } from './tagsWork.ts';

/**
 * Changes the tags of what is selected: asks how, shows what would change on a page, and changes it
 * from there.
 */
export async function changeTags(
  jobs: Jobs,
  target: S3Location | undefined,
  rows: readonly S3Location[] = [],
): Promise<void> {
  const session = await jobs.connections.session();
  const position = { title: titleWithOwner(session, l10n.t('Change Tags')), keepOpen: true };
  const given = selectionGiven(rows.length > 0 ? rows : target ? [target] : []);
  const asked = await askAll(position, session, given);
  await showTagsWork(jobs, session, workOf(jobs, session, asked));
}

/** The same for what another page has asked for, on the account that the page is about. */
export async function changeTagsOf(jobs: Jobs, session: Session, asked: TagRequest): Promise<void> {
  await showTagsWork(jobs, session, workOf(jobs, session, asked));
}

function selectionGiven(places: readonly S3Location[]): ObjectSelection | undefined {
  const selected = selectionOf(places);
  if (selected !== 'severalBuckets') return selected;
  throw new BrigadeError('InvalidInput', l10n.t('Select rows of one bucket only.'));
}

interface TagRequest {
  readonly selection: ObjectSelection;
  readonly change: TagChange;
}

async function askAll(
  position: PromptPosition,
  session: Session,
  given: ObjectSelection | undefined,
): Promise<TagRequest> {
  let chosen = given;
  for (;;) {
    chosen ??= await askSelection(
      position,
      session,
      l10n.t('Select objects, or a manifest that lists them.'),
    );
    try {
      return await askOf({ ...position, canGoBack: true }, session, chosen);
    } catch (error) {
      if (!(error instanceof BackPressed)) throw error;
      chosen = undefined;
    }
  }
}

/** Of a bucket or prefix it is asked which objects are meant, then what happens to their tags. */
async function askOf(
  position: PromptPosition,
  session: Session,
  chosen: ObjectSelection,
): Promise<TagRequest> {
  let selection = chosen;
  for (;;) {
    if (selection.kind === 'listing') {
      selection = await askFiltered(position, session, selection, withTags =>
        withTags
          ? l10n.t('They are listed here, with one GetObjectTagging request each.')
          : l10n.t('They are listed here; nothing is changed yet.'),
      );
    }
    try {
      const title = l10n.t('Change Tags of {0}', selectionText(selection));
      return { selection, change: await askTagChange({ ...position, title }) };
    } catch (error) {
      if (!(error instanceof BackPressed) || selection.kind !== 'listing') throw error;
    }
  }
}

function workOf(jobs: Jobs, session: Session, { selection, change }: TagRequest): TagsWork {
  const title = l10n.t('Change Tags of {0}', selectionText(selection));
  return {
    title,
    facts: [
      { term: l10n.t('Objects'), value: selectionText(selection) },
      { term: l10n.t('Change'), value: changeText(change) },
    ],
    bucket: bucketOf(selection),
    action: l10n.t('Change Tags…'),
    others: [byJob(async () => await createJob(jobs, session, { selection, change }))],
    preview: async limit =>
      await runPreview(jobs, session, {
        name: 'previewTags',
        input: { selection, change, ...(limit !== undefined && { limit }) },
        title: l10n.t('Reading the tags of {0}', selectionText(selection)),
      }),
    confirm: async (preview, report) => {
      await confirm(preview, { selection, change }, uriOf(report));
      const input = { id: randomUUID(), selection, change, report };
      return async onProgress =>
        await runDirect(jobs, session, { name: 'changeTags', input, title, onProgress });
    },
  };
}

async function createJob(
  jobs: Jobs,
  session: Session,
  { selection, change }: TagRequest,
): Promise<void> {
  const title = l10n.t('Change Tags of {0}', selectionText(selection));
  const position = { title, keepOpen: true };
  const report = await askReportPlace(position, jobs, session, bucketOf(selection));
  const { changeTagsByJob } = await import('../tagger/taggerJob.ts');
  const description = `${changeText(change)}: ${selectionText(selection)}`;
  await changeTagsByJob(jobs, session, { title, description, report, selection, change });
}

function bucketOf(selection: ObjectSelection): string {
  return selection.kind === 'objects' ? (selection.objects[0]?.bucket ?? '') : selection.bucket;
}

async function confirm(
  preview: TagPreview,
  { selection, change }: TagRequest,
  report: string,
): Promise<void> {
  const text = preview.complete
    ? l10n.t('Change the tags of {0}?', formatObjects(preview.changing))
    : l10n.t('Change the tags of all these objects?');
  const detail = l10n.t(
    '{0}: {1}. The previous tags are saved to {2}, so this can be undone.',
    visible(selectionText(selection)),
    visible(changeText(change)),
    visible(report),
  );
  const accept = l10n.t('Change Tags');
  const answer = await window.showWarningMessage(text, { modal: true, detail }, accept);
  if (answer !== accept) throw cancelled();
}
